import type { ExchangeMatchers } from './config.ts';
import type { Exchange } from './fixture.ts';

/** Of the sources of a config those that speak of an exchange, the most particular first. */
export function chosenFor(exchange: Exchange, config: readonly ExchangeMatchers[]): readonly ExchangeMatchers[] {
  const rank = ({ exchanges }: ExchangeMatchers): number =>
    exchanges === exchange.id ? 0 : exchanges === exchange.name ? 1 : 2;
  return config
    .filter((each) => rank(each) < 2 || [exchange.id, exchange.name].some((text) => fits(each.exchanges, text)))
    .sort((a, b) => rank(a) - rank(b) || b.exchanges.length - a.exchanges.length);
}

/** `*` for any text, `?` for one character. Linear in the text for every star. */
function fits(glob: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  let at = 0;
  let star = -1;
  let since = 0;
  let index = 0;
  while (index < text.length) {
    if (glob[at] === '*') {
      star = at++;
      since = index;
    } else if (glob[at] === '?' || glob[at] === text[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++since;
    } else return false;
  }
  return /^\**$/.test(glob.slice(at));
}

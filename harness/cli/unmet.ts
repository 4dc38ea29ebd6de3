import { fileName } from '../files/names.ts';
import { readText } from '../files/read.ts';
import { chosenFor } from '../model/chosen.ts';
import { finding, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { pointerToken, readJson } from '../model/json.ts';
import { meetsIn } from '../model/meets.ts';
import { pointAt } from '../model/place.ts';
import { indexResources, type Resource } from '../model/resource.ts';
import { didYouMean } from '../model/usage.ts';
import type { Job } from './job.ts';

/** Matchers of the config that no documented exchange or response has to do with, where they are written; without `resources` types are not known. */
export function unmetMatchers(
  { settings, cwd }: Job,
  docs: { readonly exchanges: readonly PagedExchange[]; readonly resources?: readonly Resource[] | undefined },
): Finding[] {
  const { matchers, config } = settings;
  // Asked first: what docs say of types is made only where somebody looks at it.
  if (matchers.length === 0 || config === undefined) return [];
  const { exchanges, resources } = docs;
  const index = resources && indexResources(resources);
  const all = exchanges.map((exchange) => ({
    exchange,
    meet: exchange.responses.map((response) => meetsIn(response, index)),
  }));
  const text = /\.json$/i.test(config) ? readText(config) : undefined;
  const json = text === undefined ? undefined : readJson(text, { elisions: false });
  const tell = (tokens: readonly string[], reason: string, note: string): Finding => {
    const pointer = ['', 'matchers', ...tokens].map(pointerToken).join('/');
    const start = pointAt(text ?? '', json?.locate(pointer)?.key?.start ?? 0);
    return finding({
      ruleId: 'config/matcher',
      reason,
      place: { file: fileName(config, cwd), position: { start, end: start } },
      subject: pointer,
      note,
    });
  };
  return matchers.flatMap((each) => {
    const meant = all.filter(({ exchange }) => chosenFor(exchange, [each]).length > 0);
    if (meant.length === 0) {
      const names = exchanges.length > 500 ? [] : exchanges.flatMap(({ id, name }) => [id, ...(name ? [name] : [])]);
      const near = didYouMean(each.exchanges, names);
      const reason = `Unexpected \`${each.exchanges}\` in \`matchers\`, expected the id or name of an exchange, or a glob of them${near}`;
      return [tell([each.exchanges], reason, 'Mend the name, or take its matchers out.')];
    }
    return Object.entries(each.matchers)
      .filter(([pointer, matcher]) => !meant.some(({ meet }) => meet.some((meets) => meets(pointer, matcher))))
      .map(([pointer]) => {
        const reason = `Unexpected \`${pointer}\` in \`matchers\` of \`${each.exchanges}\`, expected a pointer to something that a response documents`;
        return tell([each.exchanges, pointer], reason, 'Mend the pointer, or take it out.');
      });
  });
}

/** The findings of the docs that the comparison does not tell just so: what an example breaks itself, a mock that says the same breaks, too. */
export function toldOnce(found: readonly Finding[], compared: readonly Finding[]): Finding[] {
  const key = ({ fingerprint, file, line, column }: Finding): string => `${fingerprint} ${file}:${line}:${column}`;
  const told = new Set(compared.map(key));
  return found.filter((each) => !told.has(key(each)));
}

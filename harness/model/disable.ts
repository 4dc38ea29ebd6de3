import type { Finding } from './finding.ts';
import type { Block, Exchange, PagedExchange, PromisedRequest, PromisedResponse } from './fixture.ts';
import type { Place } from './place.ts';
import { meansRule } from './severities.ts';

/** Lines of a file, from 1, both counted. */
export interface Lines {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** One word of a comment `docwright-disable` or `docwright-disable-next`: findings of that rule on those lines do not count. */
export interface Disable {
  /** A rule, `area/*`, or `*` where the comment names none. */
  readonly rule: string;
  /** Rules that `docwright-enable` has taken out again. */
  readonly except?: readonly string[];
  /** Where the word stands, or the comment that names no rule. */
  readonly place: Place;
  readonly covers: readonly Lines[];
}

/** Looks up what covers a finding; the first in the order of the list. */
export function disableIndex(disables: readonly Disable[]): (finding: Finding) => Disable | undefined {
  const byFile = new Map<string, { readonly from: number; readonly to: number; readonly disable: Disable }[]>();
  for (const disable of disables)
    for (const { file, from, to } of disable.covers) {
      const known = byFile.get(file);
      if (known) known.push({ from, to, disable });
      else byFile.set(file, [{ from, to, disable }]);
    }
  return ({ file, line, ruleId }) =>
    byFile
      .get(file)
      ?.find(
        ({ from, to, disable }) =>
          line >= from &&
          line <= to &&
          meansRule(disable.rule, ruleId) &&
          !disable.except?.some((word) => meansRule(word, ruleId)),
      )?.disable;
}

/** What fixtures tell of disabled blocks: for who replays them without their pages. */
export function disablesIn(exchanges: readonly PagedExchange[]): Disable[] {
  return exchanges.flatMap(({ file, request, responses }) =>
    [request, ...responses].flatMap((message) => {
      const { block } = message;
      if (block.disabled === undefined) return [];
      const own = block.file ?? file;
      const point = { line: block.line, column: 1 };
      const except = block.disabled.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
      return block.disabled
        .filter((word) => !word.startsWith('!'))
        .map((rule) => ({
          rule,
          ...(except.length > 0 && rule === '*' ? { except } : {}),
          place: { file: own, position: { start: point, end: point } },
          // The fence opens one line above the code.
          covers: [{ file: own, from: block.line - 1, to: lastLineOf(message) }],
        }));
    }),
  );
}

/** The lines of each code block of an exchange, from the mark that opens its fence. */
export function linesOf({ file, request, responses }: Exchange & { readonly file: string }): Lines[] {
  return [request, ...responses].map((message) => ({
    file: message.block.file ?? file,
    from: message.block.line - 1,
    to: lastLineOf(message),
  }));
}

function lastLineOf({ block, at, headers, body }: PromisedRequest | PromisedResponse): number {
  const last = Math.max(
    at,
    ...headers.map((header) => header.at),
    body.kind === 'empty' ? 0 : body.at + body.text.split('\n').length - 1,
  );
  return block.line + last;
}

/** What stands in `disabled` of a block. */
export function disabledWords(disables: readonly Pick<Disable, 'rule' | 'except'>[]): Block['disabled'] {
  const words = disables.flatMap(({ rule, except = [] }) => [rule, ...except.map((word) => `!${word}`)]);
  return [...new Set(words)].sort();
}

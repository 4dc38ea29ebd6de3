import type { Heading } from '../markdown/outline.ts';

/** What a request is named after. */
export interface Nameable {
  readonly method: string;
  readonly headings: readonly Heading[];
}

/**
 * A name for a request in snake case, after the nearest heading that says more than `Request`, the title or the page, with the method
 * before it unless it begins with a verb: `get_a_note`, `post_notes`. Made unique among `taken` by `_2`, `_3`, and added to it.
 */
export function nameOf(
  { method, headings }: Nameable,
  title: string | undefined,
  page: string,
  taken: Set<string>,
): string {
  const stem = slug(page.replace(/\.md$/i, '').split('/').at(-1)!);
  const about = [title === undefined ? '' : slug(title), stem].find((text) => text !== '') ?? '';
  const nearest = headings.map(({ text }) => slug(text)).findLast((text) => text !== '') ?? about;
  // `Delete` under `Notes` is about notes.
  const words = VERB.test(nearest) && nearest !== about && about !== '' ? `${nearest}_${about}` : nearest;
  const plain = VERBS.test(words) ? words : `${method.toLowerCase()}${words === '' ? '' : `_${words}`}`;
  let name = plain;
  for (let count = 2; taken.has(name); count++) name = `${plain}_${count}`;
  taken.add(name);
  return name;
}

const MOST = 60;

const VERBS =
  /^(add|append|assign|attach|cancel|check|clear|close|complete|copy|create|delete|disable|download|edit|enable|export|fetch|find|get|import|insert|invite|list|look|move|open|patch|post|publish|put|query|read|remove|rename|replace|reset|restore|retrieve|revoke|save|search|send|set|show|start|stop|submit|track|update|upload|upsert|validate|verify|view|write)(_|$)/;
const VERB = new RegExp(VERBS.source.replace('(_|$)', '$'));

/** Headings that name a part of an example, not what it is an example of. */
const EMPTY =
  /^((http|sample|example|the)\s+)*(request|response|example|sample|usage|http|code|call|url|syntax)s?(\s*\d+)?$/i;

function slug(text: string): string {
  const said = text
    .replace(/^(example|sample)s?\s*\d*\s*[:.–—-]\s*/i, '')
    .replace(/[:.]+$/, '')
    .trim();
  if (EMPTY.test(said)) return '';
  const words = said
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  const letters = [...words];
  // Cut between words where there are several.
  return letters.length <= MOST
    ? words
    : letters
        .slice(0, MOST)
        .join('')
        .replace(/_[^_]*$/, '');
}

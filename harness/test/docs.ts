import { compile, type CompileOptions } from '../compile/index.ts';
import type { Docset } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';

/** Compiles pages given as text or bytes, by path. */
export function compilePages(
  pages: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<CompileOptions> = {},
): Promise<Docset> {
  const sources = Object.entries(pages).map(([path, content]) => ({
    file: path,
    page: path,
    content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  }));
  const texts = new Map(
    Object.entries(pages).flatMap(([path, content]) => (typeof content === 'string' ? [[path, content] as const] : [])),
  );
  return compile(sources, { readFile: (file) => texts.get(file), ...options });
}

/** A page that holds one request and its responses, each the text of a block, with annotations as given. */
export function exchangePage(
  request: string,
  responses: readonly string[],
  annotations: { request?: object; response?: object } = {},
): string {
  const comment = (blockType: string, more: object = {}): string =>
    `<!-- ${JSON.stringify({ blockType, ...more })} -->`;
  return [
    '# Page',
    '',
    comment('request', { name: 'one', ...annotations.request }),
    fence(request),
    ...responses.flatMap((response) => ['', comment('response', annotations.response), fence(response)]),
    '',
  ].join('\n');
}

/** The one exchange of such a page. */
export async function exchangeOf(...page: Parameters<typeof exchangePage>): Promise<PagedExchange> {
  const { exchanges } = await compilePages({ 'page.md': exchangePage(...page) });
  return exchanges[0]!;
}

/** `line:column severity rule` of findings, notes only when asked for. */
export function brief(findings: readonly Finding[], { notes = true } = {}): string[] {
  return findings
    .filter(({ severity }) => notes || severity !== 'note')
    .map(({ line, column, severity, ruleId }) => `${line}:${column} ${severity} ${ruleId}`);
}

function fence(text: string): string {
  return `\`\`\`http\n${text}\n\`\`\``;
}

/** What a new config says. */
export interface Starter {
  readonly docs: readonly string[];
  readonly fixtures: string;
  readonly reports: string;
  /** How many pages lie below `docs`, and how many of them have annotations or examples. */
  readonly pages: number;
  readonly promising: number;
  readonly isTypeScript: boolean;
  /** Can a file in this folder import docwright? Else only its types are named, which costs nothing at run time. */
  readonly isInstalled: boolean;
  /** Further keys, each with its value, that are known from elsewhere. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The text of a new config file: TypeScript, or JavaScript whose type stands in a comment. */
export function starterConfig(starter: Starter): string {
  const { docs, fixtures, reports, pages, promising, isTypeScript, isInstalled, more = {} } = starter;
  const known = Object.entries(more).map(([key, value]) => `\n  ${key}: ${literal(value)},\n`);
  const targets = `
  // The services that are to keep the promises; without \`--target NAME\` our mock answers.
  // targets: {
  //   local: { url: 'http://localhost:3000/v1.0' },
  //   staging: { url: 'https://staging.example.com/v1.0', readOnly: true },
  // },
`;
  const body = `{
  // Where the pages are. Found here: ${pages} ${pages === 1 ? 'page' : 'pages'}, ${promising} of them with annotations or examples.
  docs: ${docs.length === 1 ? quoted(docs[0]!) : `[${docs.map(quoted).join(', ')}]`},

  // What the docs promise, compiled. Commit it: a changed promise then shows in every review.
  fixtures: ${quoted(fixtures)},

  // Where reporters write. Nothing to commit.
  reports: ${quoted(reports)},
${known.join('')}${'targets' in more ? '' : targets}
  // What stands for the placeholders of documented requests, such as {user-id}.
  // values: { 'user-id': '42' },

  // How many warnings are too many.
  // maxWarnings: 0,
}`;
  const about = '// What docwright is told in this folder. Flags and DOCWRIGHT_* variables beat it.';
  if (isInstalled)
    return `import { defineConfig } from 'docwright';\n\n${about}\nexport default defineConfig(${body});\n`;
  if (isTypeScript)
    return `import type { Config } from 'docwright';\n\n${about}\nexport default ${body} satisfies Config;\n`;
  return `${about}\n/** @type {import('docwright').Config} */\nexport default ${body};\n`;
}

/** A JSON value, indented as one of a key. */
function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

/** A string as TypeScript has it; names of folders may hold anything. */
function quoted(text: string): string {
  return /['\\\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? JSON.stringify(text) : `'${text}'`;
}

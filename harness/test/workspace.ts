import { STATUS_CODES } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cli } from '../cli/index.ts';
import type { Report } from '../model/report.ts';

/** A folder of its own with files in it, and the command line run inside it. */
export interface Workspace {
  readonly folder: string;
  write(file: string, content: string | Uint8Array): void;
  read(file: string): string;
  report(folder?: string): Report;
  /** Runs the command line in this process. */
  cli(
    words: readonly string[],
    how?: { environment?: Record<string, string>; signal?: AbortSignal; cwd?: string },
  ): Promise<Run>;
  remove(): void;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a workspace of the files given, by their paths. */
export function workspace(files: Readonly<Record<string, string | Uint8Array>> = {}): Workspace {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'docwright-')));
  const write = (file: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  };
  const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  for (const [file, content] of Object.entries(files)) write(file, content);
  return {
    folder,
    write,
    read,
    report: (reports = 'reports') => JSON.parse(read(`${reports}/report.json`)) as Report,
    async cli(words, { environment = {}, signal, cwd = folder } = {}) {
      const said = { stdout: '', stderr: '' };
      const out = (name: keyof typeof said) => ({ write: (text: string) => (said[name] += text) });
      const streams = { stdout: out('stdout'), stderr: out('stderr'), ...(signal ? { signal } : {}) };
      const code = await cli(words, environment, streams, cwd);
      return { code, ...said };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A page with one exchange that conforms to itself. */
export function page(
  title: string,
  { method = 'GET', url = '/v1.0/things/1', status = 200, name = 'get_thing' } = {},
): string {
  return `# ${title}

<!-- { "blockType": "request", "name": "${name}" } -->
\`\`\`http
${method} https://api.example.com${url}
\`\`\`

<!-- { "blockType": "response", "name": "${name}" } -->
\`\`\`http
HTTP/1.1 ${status} ${STATUS_CODES[status]}
Content-Type: application/json

{
  "id": "1"
}
\`\`\`
`;
}

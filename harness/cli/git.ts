import { spawn } from 'node:child_process';
import path from 'node:path';
import { UsageError } from '../model/usage.ts';
import { blobsOf, type Blobs } from './blobs.ts';
import type { Job } from './job.ts';

/** What has changed since a commit, by paths as findings name them. */
export interface Changes {
  /** The commit, as its full name. */
  readonly base: string;
  readonly changed: readonly Change[];
  /** What files said at that commit, by the names `before` of changes; nothing where they said nothing. */
  contents(changes: readonly Change[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Files below a folder that git keeps and looks at: no links, and none that it was told to take as unchanged. */
  tracked(folder: string): Promise<ReadonlySet<string>>;
}

/** A file that is there now, or was. */
export interface Change {
  /** Its path now; absent where it is gone. */
  readonly file?: string;
  /** Its path at the commit; absent where it is new. */
  readonly before?: string;
  /** The name of what it said then. */
  readonly blob?: string;
}

/**
 * Asks git what has changed since the branch left `ref`, or the default branch where it is empty: committed, uncommitted and new. Renames
 * are followed. Whatever keeps git from knowing is a UsageError that says what to do.
 */
export async function changesSince(ref: string, job: Pick<Job, 'cwd' | 'environment' | 'settings'>): Promise<Changes> {
  const git = gitIn(job.cwd, job.environment);
  // What a clone calls so is the default branch; where there is none, it is looked for.
  const named = ref === '' ? ORIGIN : ref;
  const isNamed = !named.startsWith('-');
  // All is asked at the same time, what takes longest first; once more, and why it failed, only what did: of a ref that is none, or of a git before 2.30.
  const [early, others, quick] = await Promise.all([
    isNamed ? git.ask([...DIFF, '--merge-base', named, '--']) : undefined,
    git.ask(OTHERS),
    isNamed ? git.ask([...PLACE, `${named}^{commit}...HEAD`]) : undefined,
  ]);
  const [isInside, folder = '', , , common] = (quick ?? (await git.must(PLACE, notAsked))).split('\n');
  if (isInside !== 'true')
    throw new UsageError('--only-changed needs the files of a git repository, and there are none here');
  const known = /^\^(\w+)$/.exec(common ?? '')?.[1];
  const base = known ?? (await baseOf(git, ref));
  const nameOf = (inRepository: string): string => path.posix.relative(folder || '.', inRepository);
  const raw = (known && early) ?? (await git.must([...DIFF, base, '--'], failed));
  const untracked = others ?? (await git.must(OTHERS, failed));
  const changed = [
    ...readRaw(raw, nameOf),
    ...untracked
      .split('\0')
      .filter(Boolean)
      .map((name) => ({ file: nameOf(name) })),
  ];
  return {
    base,
    changed,
    contents: (changes) => contentsOf(git, job, changes),
    async tracked(folder) {
      // Of a folder behind a link or in a submodule it keeps none.
      const listed = (await git.ask(['ls-files', '-svz', '--full-name', '--', `:(literal)${folder}`])) ?? '';
      return new Set([...listed.matchAll(TRACKED)].map(([, name]) => nameOf(name!)));
    },
  };
}

const ORIGIN = 'refs/remotes/origin/HEAD';
const PLACE = ['rev-parse', '--is-inside-work-tree', '--show-prefix'];
const DIFF = ['diff', '--raw', '-z', '--no-abbrev', '-M', '--no-ext-diff', '--no-textconv'];
const OTHERS = ['ls-files', '--others', '--exclude-standard', '-z', '--full-name', '--', ':/'];

/** `H`, another tag for what it does not look at; the mode of an ordinary file; blob, stage and path. */
const TRACKED = /(?<=^|\0)H 100\d{3} \w+ \d\t([^\0]+)/g;

interface Git {
  /** What git says; nothing where it fails. */
  ask(args: readonly string[]): Promise<string | undefined>;
  /** What git says; a UsageError where it fails. */
  must(args: readonly string[], why: (said: string) => string): Promise<string>;
  bytes(args: readonly string[], input: string): Promise<Buffer | undefined>;
}

function gitIn(cwd: string, environment: Job['environment']): Git {
  const run = (
    args: readonly string[],
    { input, isHeard = false }: { readonly input?: string; readonly isHeard?: boolean } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const child = spawn('git', ['-c', 'core.fsmonitor=false', '-c', 'diff.relative=false', ...args], {
        cwd,
        // A read must not wait for, nor leave, a lock; and what is read is in one language.
        env: { ...environment, PATH: environment.PATH ?? process.env.PATH, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
        windowsHide: true,
        // Each pipe takes its time: there is one where something goes through.
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', isHeard ? 'pipe' : 'ignore'],
      });
      const [said, complained]: [Buffer[], Buffer[]] = [[], []];
      child.stdout?.on('data', (bytes: Buffer) => said.push(bytes));
      child.stderr?.on('data', (bytes: Buffer) => complained.push(bytes));
      child.on('error', (error: NodeJS.ErrnoException) => {
        const isMissing = error.code === 'ENOENT';
        reject(
          new UsageError(
            isMissing
              ? '--only-changed needs git, and there is none on this machine'
              : `git cannot be asked what changed: ${error.message}`,
          ),
        );
      });
      child.on('close', (status) =>
        resolve({ status, stdout: Buffer.concat(said), said: Buffer.concat(complained).toString('utf8').trim() }),
      );
      // Who fails has not read what it was told.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  return {
    async ask(args) {
      const { status, stdout } = await run(args);
      return status === 0 ? stdout.toString('utf8') : undefined;
    },
    async must(args, why) {
      const { status, stdout, said } = await run(args, { isHeard: true });
      if (status !== 0) throw new UsageError(why(said));
      return stdout.toString('utf8');
    },
    async bytes(args, input) {
      const { status, stdout } = await run(args, { input });
      return status === 0 ? stdout : undefined;
    },
  };
}

/** How git has ended, and what it said where. */
interface Answer {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly said: string;
}

function notAsked(said: string): string {
  if (/not a git repository/i.test(said)) return '--only-changed needs a git repository, and this folder is in none';
  // Git refuses the checkout of somebody else, as in a container whose user is another.
  if (/dubious ownership/i.test(said))
    return '--only-changed asks git, which refuses this repository since it belongs to another user; allow it with `git config --global --add safe.directory "$PWD"`';
  return failed(said);
}

function failed(said: string): string {
  return `git cannot be asked what changed: ${said.split('\n', 1)[0]}`;
}

/** The commit where the branch left `ref`. */
async function baseOf(git: Git, ref: string): Promise<string> {
  if ((await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])) === undefined)
    throw new UsageError('--only-changed needs a commit to compare with, and this repository has none yet');
  if (ref.startsWith('-')) throw new UsageError(`\`${ref}\` of --only-changed is no ref: none begins with a dash`);
  const name = ref === '' ? await defaultBranch(git) : ref;
  const commit = (await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]))?.trim();
  if (commit === undefined)
    throw new UsageError(
      `No commit \`${name}\` in this repository, expected a branch, tag or commit${await deepen(git)}`,
    );
  const base = (await git.ask(['merge-base', 'HEAD', commit]))?.trim().split('\n')[0];
  if (base) return base;
  throw new UsageError(
    `No commit that both HEAD and \`${name}\` come from${(await deepen(git)) || '; name another one with --only-changed=REF'}`,
  );
}

/** What a clone without history needs before anything can be compared in it. */
async function deepen(git: Git): Promise<string> {
  return (await git.ask(['rev-parse', '--is-shallow-repository']))?.trim() === 'true'
    ? '; this clone is shallow: fetch all of the history (`git fetch --unshallow`, `fetch-depth: 0`)'
    : '';
}

async function defaultBranch(git: Git): Promise<string> {
  for (const name of [ORIGIN, ...USUAL])
    if ((await git.ask(['rev-parse', '--verify', '--quiet', `${name}^{commit}`])) !== undefined) return name;
  throw new UsageError(
    `The default branch is not known here (no origin/HEAD, main or master)${(await deepen(git)) || '; name what to compare with: --only-changed=REF'}`,
  );
}

const USUAL = ['origin/main', 'origin/master', 'main', 'master'].map((name) =>
  name.startsWith('origin/') ? `refs/remotes/${name}` : `refs/heads/${name}`,
);

/** `:mode mode blob blob status NUL path NUL`, and for what was renamed or copied a second path. */
function readRaw(raw: string, nameOf: (name: string) => string): Change[] {
  const parts = raw.split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length;) {
    const [, , blob = '', , status = ''] = parts[at]!.split(' ');
    const before = nameOf(parts[at + 1]!);
    const kind = status[0];
    if (kind === 'R' || kind === 'C') {
      changes.push({ file: nameOf(parts[at + 2]!), ...(kind === 'R' ? { before, blob } : {}) });
      at += 3;
      continue;
    }
    if (kind === 'A') changes.push({ file: before });
    else if (kind === 'D') changes.push({ before, blob });
    else changes.push({ file: before, before, blob });
    at += 2;
  }
  return changes;
}

/** What files said before. */
async function contentsOf(
  git: Git,
  job: Pick<Job, 'cwd' | 'settings'>,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const asked = changes.flatMap(({ before, blob }) =>
    before !== undefined && blob !== undefined && !/^0+$/.test(blob) ? [[before, blob] as const] : [],
  );
  const names = [...new Set(asked.map(([, blob]) => blob))];
  if (names.length === 0) return new Map();
  const blobs = await blobsOf(job, names, (some) => askedOf(git, some));
  return new Map(
    asked.flatMap(([before, blob]) => {
      const bytes = blobs.get(blob);
      return bytes === undefined ? [] : [[before, bytes] as const];
    }),
  );
}

/** `NAME SP blob SP SIZE LF`, the bytes and LF, for each blob that was asked for. */
async function askedOf(git: Git, names: readonly string[]): Promise<Blobs> {
  // What is kept under a name is what has that name, and so is what is asked for: `git replace` may put another in its place.
  const bytes = await git.bytes(['--no-replace-objects', 'cat-file', '--batch'], `${names.join('\n')}\n`);
  if (bytes === undefined) throw new UsageError('git cannot tell what the files said before');
  const blobs = new Map<string, Buffer>();
  let at = 0;
  for (const name of names) {
    const end = bytes.indexOf(10, at);
    const head = bytes.toString('latin1', at, end).split(' ');
    at = end + 1;
    const size = Number(head[2]);
    // Of a clone without blobs, or a submodule, there is nothing to be had.
    if (head[1] === 'missing' || Number.isNaN(size)) continue;
    if (head[1] === 'blob') blobs.set(name, bytes.subarray(at, at + size));
    at += size + 1;
  }
  return blobs;
}

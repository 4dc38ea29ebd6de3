import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What brings PowerDNS where there is apt. */
export const PACKAGES: readonly string[] = ['pdns-server', 'pdns-backend-sqlite3', 'sqlite3'];

/** What to do when there is none. */
export const howToGetPowerDns = `no PowerDNS: apt-get install -y ${PACKAGES.join(' ')}`;

/** Is everything there that a server of our own needs? */
export function hasPowerDns(): boolean {
  return program('pdns_server') !== undefined && program('sqlite3') !== undefined && existsSync(SCHEMA);
}

/** A PowerDNS of its own: a new database, free ports of loopback, a key that nobody else knows. */
export interface PowerDns {
  readonly url: string;
  readonly key: string;
  /** Asks the server directly, below `/api/v1/servers/localhost`; throws unless it is done. */
  ask(method: string, path: string, body?: object): Promise<string>;
  /** The ids of its zones, sorted. */
  zones(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts one and waits until it answers. */
export async function startPowerDns(): Promise<PowerDns> {
  if (!hasPowerDns()) throw new Error(howToGetPowerDns);
  const folder = mkdtempSync(join(tmpdir(), 'docwright-pdns-'));
  // Somebody else may take a free port first.
  for (let tries = 1; ; tries++) {
    try {
      return await startIn(folder);
    } catch (error) {
      if (tries < 3) continue;
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

/** A zone that was there before any run, with all that a zone may have. */
export async function plantMeadow({ ask }: PowerDns): Promise<void> {
  const records = [{ content: '192.0.2.80', disabled: false }];
  const comments = [{ content: 'Not to be touched', account: 'shepherd' }];
  const rrsets = [{ name: 'www.meadow.example.', type: 'A', ttl: 60, records, comments }];
  await ask('POST', '/zones', { name: 'meadow.example.', kind: 'Native', nameservers: ['ns.meadow.example.'], rrsets });
  await ask('POST', '/zones/meadow.example./metadata', { kind: 'ALLOW-AXFR-FROM', metadata: ['192.0.2.1'] });
}

const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

/** Milliseconds until it answers, and until it has stopped. */
const [TO_START, TO_STOP] = [15_000, 3000];

async function startIn(folder: string): Promise<PowerDns> {
  const database = join(folder, `${randomBytes(4).toString('hex')}.sqlite3`);
  const made = spawnSync(program('sqlite3')!, [database], { input: readFileSync(SCHEMA), encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`sqlite3: ${made.stderr}`);
  const [dns, web] = [await freePort(), await freePort()];
  const key = randomBytes(18).toString('base64url');
  const child = spawn(program('pdns_server')!, [
    ...['--no-config', '--daemon=no', '--guardian=no', '--launch=gsqlite3', `--gsqlite3-database=${database}`],
    ...[`--socket-dir=${folder}`, '--local-address=127.0.0.1', `--local-port=${dns}`, '--security-poll-suffix='],
    ...['--api=yes', `--api-key=${key}`, '--webserver=yes', '--webserver-address=127.0.0.1', `--webserver-port=${web}`],
    '--webserver-allow-from=127.0.0.1',
  ]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += String(text)));
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const url = `http://127.0.0.1:${web}`;
  const ask = async (method: string, path: string, body?: object): Promise<string> => {
    const headers = { 'X-API-Key': key, Accept: 'application/json', 'Content-Type': 'application/json' };
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}/api/v1/servers/localhost${path}`, sent);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  const stop = async (): Promise<void> => {
    process.removeListener('exit', onExit);
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + TO_START; ;) {
    if (await ask('GET', '').catch(() => undefined)) break;
    if (child.exitCode === null && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    else {
      process.removeListener('exit', onExit);
      await ended(child);
      throw new Error(`PowerDNS does not answer: ${said.slice(-2000)}`);
    }
  }
  const zones = async (): Promise<readonly string[]> => {
    const listed = JSON.parse(await ask('GET', '/zones')) as readonly { readonly id: string }[];
    return listed.map(({ id }) => id).sort();
  };
  return { url, key, ask, zones, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), TO_STOP);
  await exit;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The path of a program; Debian keeps servers where only root looks. */
function program(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

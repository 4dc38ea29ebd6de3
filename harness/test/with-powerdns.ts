// with-powerdns.ts COMMAND WORDS…: runs a command beside a PowerDNS of its own, which it finds by POWERDNS_URL and POWERDNS_KEY.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { plantMeadow, startPowerDns } from './powerdns.ts';

const [command, ...words] = process.argv.slice(2);
if (command === undefined) throw new Error('Missing command');
const server = await startPowerDns();
try {
  await plantMeadow(server);
  const env = { ...process.env, POWERDNS_URL: server.url, POWERDNS_KEY: server.key };
  const [code] = (await once(spawn(command, words, { env, stdio: 'inherit' }), 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
}

// Sees to it that there is a PowerDNS before any test runs, where apt can bring it. Without one its tests are skipped by name,
// but under CI, where nothing may be missing.
import { spawnSync } from 'node:child_process';
import { hasPowerDns, howToGetPowerDns, PACKAGES } from './powerdns.ts';

const MINUTE = 60_000;

if (!hasPowerDns()) fromApt();
if (!hasPowerDns()) {
  console.error(howToGetPowerDns);
  if (process.env.CI) process.exit(1);
}

function fromApt(): void {
  const isRoot = process.getuid?.() === 0;
  // A machine of a CI lets its user be root without asking; at home nothing is installed behind anybody's back.
  if (process.platform !== 'linux' || !(isRoot || process.env.CI)) return;
  console.error('No PowerDNS is installed: asking apt …');
  const become = isRoot ? [] : ['sudo', '-n'];
  apt([...become, 'apt-get', 'update', '-q'], 2 * MINUTE);
  // Run level 1 keeps Debian from starting it as a service: the tests start their own.
  const quietly = ['env', 'RUNLEVEL=1', 'DEBIAN_FRONTEND=noninteractive'];
  apt([...become, ...quietly, 'apt-get', 'install', '-q', '-y', '--no-install-recommends', ...PACKAGES], 5 * MINUTE);
}

/** Judged by what it leaves behind; why it failed is told. */
function apt([command, ...words]: readonly string[], timeout: number): void {
  const { status, error, stderr } = spawnSync(command!, words, {
    timeout,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return;
  console.error(`  apt-get failed: ${/^E: .+/m.exec(stderr ?? '')?.[0] ?? error?.message ?? `exit ${status}`}`);
}

// Takes the time of another Node program: from a small process, as a shell is, since a large one takes several milliseconds to make another.
import { spawn } from 'node:child_process';

const start = process.hrtime.bigint();
const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'pipe', 'pipe'] });
child.stdout.pipe(process.stdout);
child.stderr.pipe(process.stderr);
child.on('close', (code) => {
  process.send(Number(process.hrtime.bigint() - start) / 1e9);
  process.disconnect();
  process.exitCode = code ?? 70;
});

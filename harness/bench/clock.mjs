// Takes the time of another Node program: from a small process, as a shell is, since a large one takes several milliseconds to make another.
import { spawn } from 'node:child_process';

// The first one pays for what it takes to make any.
await run(['--version']);
const start = process.hrtime.bigint();
const { code, said } = await run(process.argv.slice(2));
process.send(Number(process.hrtime.bigint() - start) / 1e9);
process.disconnect();
process.exitCode = code ?? 70;
process.stderr.write(said);

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => said.push(bytes));
    child.on('close', (code) => resolve({ code, said: Buffer.concat(said) }));
  });
}

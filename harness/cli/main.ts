#!/usr/bin/env node
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { keepCompiled } from '../files/compiled.ts';
import { cacheHome } from './cache-home.ts';

// Most runs are over before optimised code pays for its making, which keeps the cores busy meanwhile: V8 is to wait for
// functions that have run some fifteen times as long as it would by itself. From Node 22 on it has no such flag, and says so on stderr.
// Compiled code is of use under the same flags alone, and so they come first.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=1000000');

const home = cacheHome(process.env, process.platform);
if (home !== undefined) {
  const code = fileURLToPath(new URL('.', import.meta.url));
  const save = keepCompiled(code, home, process.getuid?.());
  if (save !== undefined) process.once('exit', save);
}
// All other code is loaded from here on.
void import('./process.ts').then(({ runProcess }) => runProcess());

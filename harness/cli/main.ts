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

/** Microseconds, of all cores together. */
const LONG = 2_000_000;

const home = cacheHome(process.env, process.platform);
if (home !== undefined) {
  const code = fileURLToPath(new URL('.', import.meta.url));
  const save = keepCompiled(code, home, process.getuid?.(), kindOf(process.argv.slice(2)));
  if (save !== undefined) process.once('exit', () => save(isLong()));
}

function isLong(): boolean {
  const { user, system } = process.cpuUsage();
  return user + system > LONG;
}

/** What runs of one kind have in common: the command, which may be left out before a page, and which flags it is given, whatever their values. */
function kindOf([first = '', ...others]: readonly string[]): string {
  const flags = [first, ...others].filter((word) => word.startsWith('-')).map((word) => word.split('=', 1)[0]!);
  return [/^[a-z]+$/.test(first) ? first : '', ...[...new Set(flags)].sort()].join(' ');
}

// All other code is loaded from here on.
void import('./process.ts').then(({ runProcess }) => runProcess());

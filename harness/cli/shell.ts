import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import type { Environment } from './settings.ts';

/** Where and with what a command runs. */
export interface ShellOptions {
  readonly cwd: string;
  readonly env: Environment;
}

/** A command that runs, with all it starts in turn. */
export interface Running {
  readonly child: ChildProcess;
  /** Ends the command and all it started: asked to at first, forced to after two seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a command by the shell of the system (`/bin/sh -c`, or `cmd.exe` on Windows), in a process group of its own, so that
 * nothing it starts outlives it, or us.
 */
export function startCommand(command: string, { cwd, env }: ShellOptions): Running {
  const child = spawn(command, {
    cwd,
    env: { ...env },
    shell: true,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  // An exit that asks nobody, such as at a second Ctrl-C.
  const force = (): void => signalAll(child, 'SIGKILL');
  process.once('exit', force);
  return {
    child,
    async stop() {
      signalAll(child, 'SIGTERM');
      const timer = setTimeout(force, GRACE);
      // Output that a grandchild holds open keeps `close` from coming; it is gone with its group.
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2 * GRACE).unref())]);
      clearTimeout(timer);
      force();
      process.off('exit', force);
    },
  };
}

/** Milliseconds. */
const GRACE = 2000;

function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-pid, signal);
  } catch {
    // There is nobody left.
  }
}

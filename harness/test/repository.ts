import { spawnSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { workspace, type Workspace } from './workspace.ts';

/** A workspace that is a git repository. */
export interface Repository extends Workspace {
  /** Runs git in it; one that fails is an error. */
  git(...words: readonly string[]): string;
  /** Commits all there is. */
  commit(message: string): void;
  move(from: string, to: string): void;
  removeFile(file: string): void;
}

/** Makes a repository of the files given, all of them committed on `main`. */
export function repository(files: Readonly<Record<string, string | Uint8Array>> = {}): Repository {
  const space = workspace({ '.gitignore': '.docwright/\nreports/\nfixtures/\n', ...files });
  const git = (...words: readonly string[]): string => gitIn(space.folder, ...words);
  const made: Repository = {
    ...space,
    git,
    commit(message) {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
    },
    move: (from, to) => renameSync(path.join(space.folder, from), path.join(space.folder, to)),
    removeFile: (file) => rmSync(path.join(space.folder, file)),
  };
  git('init', '-q', '-b', 'main');
  made.commit('Docs');
  return made;
}

/** Runs git in a folder, whatever the machine's own configuration says. */
export function gitIn(cwd: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['-c', 'user.name=Writer', '-c', 'user.email=writer@example.com', '-c', 'commit.gpgsign=false', ...words],
    {
      cwd,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    },
  );
  if (status !== 0) throw new Error(`git ${words.join(' ')}: ${stderr}`);
  return stdout;
}

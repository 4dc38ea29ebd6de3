import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { walkFolders } from './walk.ts';

/** Watches folders until it is closed. */
export interface Watching {
  /** Watches further folders, too, with all below them unless that is not `deep`; none is watched twice. */
  add(folders: Iterable<string>, how?: { readonly deep: boolean }): void;
  close(): void;
}

/** Milliseconds: an editor that saves does several things in a row; and whoever saves all the time is heard all the same. */
const [PAUSE, MOST] = [20, 100];

/**
 * Tells the absolute paths of which something changed below folders, links to folders followed, a moment after the last of them changed.
 * Each folder is watched by itself: what a save is made of (a new file moved over the old one) happens to names in a folder, and a watcher
 * of the file would go with the old one.
 */
export function watchFolders(folders: readonly string[], changed: (files: ReadonlySet<string>) => void): Watching {
  const watchers = new Map<string, FSWatcher>();
  const touched = new Set<string>();
  let pause: NodeJS.Timeout | undefined;
  let since = 0;
  let [isBegun, isClosed] = [false, false];
  const flush = (): void => {
    const files = new Set(touched);
    touched.clear();
    since = 0;
    if (!isClosed && files.size > 0) changed(files);
  };
  const heard = (file: string): void => {
    touched.add(file);
    const now = performance.now();
    if (since === 0) since = now;
    clearTimeout(pause);
    pause = setTimeout(flush, Math.max(0, Math.min(PAUSE, since + MOST - now)));
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
    heard(folder);
  };
  const listen = (folder: string): void => {
    if (isClosed || watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_, name) => {
        const file = name === null ? folder : path.join(folder, name);
        heard(file);
        const stats = statSync(file, { throwIfNoEntry: false });
        // A folder that comes brings others, and one that goes takes its watcher along.
        if (stats?.isDirectory() && !watchers.has(file)) add([file]);
        if (stats === undefined && watchers.has(file)) forget(file);
        if (statSync(folder, { throwIfNoEntry: false }) === undefined) forget(folder);
      });
      watcher.on('error', () => forget(folder));
      watchers.set(folder, watcher);
    } catch {
      // Gone again, or not to be looked into: who reads it says so.
    }
  };
  const add = (more: Iterable<string>, { deep } = { deep: true }): void => {
    for (const folder of more) {
      for (const each of deep ? walkFolders(folder) : [folder]) listen(each);
      // What lies in a folder that has just come may have been written before it was watched.
      if (isBegun && deep) heard(folder);
    }
  };
  add(folders);
  isBegun = true;
  return {
    add,
    close() {
      isClosed = true;
      clearTimeout(pause);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** The file that a path leads to, whatever links are on the way; nothing where it leads nowhere. */
export function targetOf(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}

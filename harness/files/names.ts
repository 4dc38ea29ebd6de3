import path from 'node:path';

/** The name of a file in findings and fixtures: relative to the working directory, forward slashes. */
export function fileName(absolute: string, cwd: string): string {
  const relative = relativeTo(cwd, absolute);
  return path.sep === '\\' ? relative.replaceAll('\\', '/') : relative;
}

/** The same as `path.relative`, which takes ten times as long, of thousands of files that lie below the folder and are plainly written. */
export function relativeTo(folder: string, absolute: string): string {
  const isPlain =
    absolute.startsWith(folder) && absolute[folder.length] === path.sep && !/[\\/]\.{0,2}(?:[\\/]|$)/.test(absolute);
  return isPlain ? absolute.slice(folder.length + 1) : path.relative(folder, absolute);
}

/** Does `file` lie in `folder` or below it? By their spelling alone. */
export function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

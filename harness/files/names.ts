import path from 'node:path';

/** The name of a file in findings and fixtures: relative to the working directory, forward slashes. */
export function fileName(absolute: string, cwd: string): string {
  const relative = path.relative(cwd, absolute);
  return path.sep === '\\' ? relative.replaceAll('\\', '/') : relative;
}

/** Does `file` lie in `folder` or below it? By their spelling alone. */
export function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

/**
 * A folder for each of some names, which may be anything: no two names share one, not even on a disk to which `Live` is `live`. Names
 * of which nothing can stand in a path are numbered as what they are.
 */
export function foldersOf(names: readonly string[], what: string): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  for (const [at, name] of names.entries()) {
    const plain = name.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || `${what}-${at + 1}`;
    let folder = plain;
    for (let count = 2; taken.has(folder.toLowerCase()); count++) folder = `${plain}-${count}`;
    taken.add(folder.toLowerCase());
    folders.set(name, folder);
  }
  return folders;
}

/** Projects of a config of several have a folder each, whichever of them are run; that of one alone needs none. */
export function projectFolders(names: readonly string[]): ReadonlyMap<string, string> {
  return names.length < 2 ? new Map() : foldersOf(names, 'project');
}

/**
 * Does a glob fit a path with forward slashes? `**` stands for any folders, `*` for any part of a name, `?` for one character of it,
 * `{a,b}` for either; a leading `./` means nothing, and a glob that ends in `/` means all below.
 */
export function globFits(glob: string): (path: string) => boolean {
  const plain = glob.replace(/^(?:\.\/)+/, '').replace(/\/$/, '/**');
  // Every way to choose among braces is a list of parts of its own: matching stays linear for each of them.
  const choices = chosen(plain, MOST_CHOICES).map((each) => each.split('/').map(partFits));
  return (path) => {
    const names = path.split('/');
    return choices.some((parts) => fit(parts, names));
  };
}

/** A part of a glob between slashes; `**` is nothing. */
type Part = ((name: string) => boolean) | undefined;

const MOST_CHOICES = 1000;

function fit(parts: readonly Part[], names: readonly string[]): boolean {
  let [at, index] = [0, 0];
  let [star, since] = [-1, 0];
  while (index < names.length) {
    if (at < parts.length && parts[at] === undefined) {
      star = at++;
      since = index;
      // `a/**` means what lies below `a`, and nothing else; anywhere else it may stand for no folder at all.
      if (at === parts.length) return true;
    } else if (parts[at]?.(names[index]!)) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++since;
    } else return false;
  }
  return at === parts.length;
}

function partFits(part: string): Part {
  if (part === '**') return undefined;
  return (name) => {
    let [at, index] = [0, 0];
    let [star, since] = [-1, 0];
    while (index < name.length) {
      if (part[at] === '*') {
        star = at++;
        since = index;
      } else if (at < part.length && (part[at] === '?' || part[at] === name[index])) {
        at++;
        index++;
      } else if (star >= 0) {
        at = star + 1;
        index = ++since;
      } else return false;
    }
    while (part[at] === '*') at++;
    return at === part.length;
  };
}

/** A glob without braces for each way to choose among them, at most so many. */
function chosen(glob: string, most: number): string[] {
  let ready = [''];
  let rest = glob;
  for (let found = BRACES.exec(rest); found !== null; found = BRACES.exec(rest)) {
    const before = rest.slice(0, found.index);
    const options = found[1]!.split(',');
    if (ready.length * options.length > most) break;
    ready = ready.flatMap((start) => options.map((option) => start + before + option));
    rest = rest.slice(found.index + found[0].length);
  }
  return ready.map((start) => start + rest);
}

const BRACES = /\{([^{}]*)\}/;

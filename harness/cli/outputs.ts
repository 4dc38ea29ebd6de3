import path from 'node:path';
import { fileName } from '../files/names.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import type { Settings } from './settings.ts';

/** Where a reporter's text goes. */
export type Output =
  | { readonly name: string; readonly to: 'stdout' | 'stderr' }
  /** Absolute; `root` is the folder it may not leave. */
  | { readonly name: string; readonly to: 'file'; readonly file: string; readonly root: string };

/** What is known of a reporter: its file, where it has one. */
export type Known = Readonly<Record<string, { readonly file?: string }>>;

/** Reads `NAME`, `NAME=FILE` and `NAME=-`, and sees that no two write to one place. */
export function outputsOf(
  specs: readonly string[],
  known: Known,
  { reports, reporterFolder }: Pick<Settings, 'reports' | 'reporterFolder'>,
): Output[] {
  const outputs = [...new Set(specs.map((spec) => spec.trim()))].map((spec): Output => {
    const equals = spec.indexOf('=');
    const name = equals < 0 ? spec : spec.slice(0, equals);
    const to = equals < 0 ? undefined : spec.slice(equals + 1).trim();
    if (!Object.hasOwn(known, name)) {
      const near = didYouMean(name, Object.keys(known));
      throw new UsageError(
        `Unknown reporter \`${name}\`${near || `, expected one of ${Object.keys(known).join(', ')}`}`,
      );
    }
    if (to === '') throw new UsageError(`Missing file of \`--reporter ${name}=\`, expected a file or -`);
    if (to === '-') return { name, to: 'stdout' };
    const own = known[name]!.file;
    if (to === undefined && own === undefined) return { name, to: 'stderr' };
    const file = to === undefined ? path.resolve(reports, own!) : path.resolve(reporterFolder, to);
    return { name, to: 'file', file, root: to === undefined ? reports : path.dirname(file) };
  });
  const places = new Map<string, string>();
  for (const output of outputs) {
    if (output.to === 'stderr') continue;
    const place = output.to === 'file' ? output.file : 'standard output';
    const other = places.get(place);
    if (other !== undefined) {
      throw new UsageError(
        `Reporters ${other} and ${output.name} both write to ${path.basename(place)}; give one its own FILE`,
      );
    }
    places.set(place, output.name);
  }
  return outputs;
}

/** The files that reporters write, by the reporter's name, as paths for people. */
export function writtenBy(outputs: readonly Output[], cwd: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    outputs.flatMap((output) => (output.to === 'file' ? [[output.name, fileName(output.file, cwd)]] : [])),
  );
}

/** Refuses a fixture that would lie where a reporter writes: fixtures and reports may share a folder, not a file. */
export function refuseClashes(outputs: readonly Output[], fixtures: string, paths: Iterable<string>): void {
  const files = new Map(outputs.flatMap((output) => (output.to === 'file' ? [[output.file, output.name]] : [])));
  for (const relative of paths) {
    const name = files.get(path.resolve(fixtures, relative));
    if (name === undefined) continue;
    throw new UsageError(
      `The fixture \`${relative}\` and reporter ${name} both write to one file; name another folder with --reports, or --reporter ${name}=FILE`,
    );
  }
}

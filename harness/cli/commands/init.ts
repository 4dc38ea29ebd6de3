import path from 'node:path';
import type { Annotations, Edit } from '../../compile/annotate/index.ts';
import { replaceText } from '../../files/edit.ts';
import { firstPresent, isReachedWithoutLink } from '../../files/look.ts';
import { fileName, isWithin } from '../../files/names.ts';
import { includeReader } from '../../files/read.ts';
import { writeWithin } from '../../files/write.ts';
import { UsageError } from '../../model/usage.ts';
import { CONFIG_NAMES } from '../config.ts';
import { readDocs } from '../docs.ts';
import { signalCode } from '../exit.ts';
import { forTerminal, say, stoppedBy, type Job } from '../job.ts';
import { look } from '../look.ts';
import { starterConfig } from '../starter.ts';

/** `docwright init`: writes a config where there is none; with `--annotate` a patch that annotates plain docs, or with `--write` the pages. */
export async function initCommand(job: Job): Promise<number> {
  const { settings, pages, cwd } = job;
  if (settings.write && !settings.annotate) throw new UsageError('`--write` goes with `--annotate`');
  if (pages.length > 0 && !settings.annotate)
    throw new UsageError('`docwright init` takes pages only with `--annotate`');
  const present = firstPresent(cwd, CONFIG_NAMES) ?? (settings.config && fileName(settings.config, cwd));
  if (!settings.annotate) {
    const inTheWay = firstPresent(cwd, CONFIG_NAMES);
    if (inTheWay !== undefined) throw new UsageError(`\`${inTheWay}\` is there already and stays as it is`);
  }
  const docs = present === undefined || !settings.annotate ? await writeConfig(job) : settings.docs;
  return settings.annotate ? annotateDocs({ ...job, settings: { ...settings, docs } }) : 0;
}

/** Writes the config and tells what to do next; gives the docs it names. */
async function writeConfig(job: Job): Promise<readonly string[]> {
  const { settings, cwd } = job;
  const { fromApiDoctor } = settings;
  const found = await look(cwd, settings.docsNamed ? settings.docs : undefined);
  const turned =
    fromApiDoctor === undefined
      ? undefined
      : await (await import('../from-apidoctor.ts')).fromApiDoctorFolder(job, fromApiDoctor);
  const starter = { ...found, ...(turned === undefined ? {} : { more: { ...turned } }) };
  const { docs, pages, promising, isTypeScript } = starter;
  const name = `docwright.config.${isTypeScript ? 'ts' : 'mjs'}`;
  await writeWithin(cwd, name, starterConfig(starter));
  say(job, `Written: ${name}`);
  if (settings.config !== undefined) say(job, `Here it goes before ${fileName(settings.config, cwd)}`);
  const about = `${pages} ${pages === 1 ? 'page' : 'pages'}, ${promising} with annotations or examples`;
  if (pages === 0) say(job, `No page found; the config says \`${docs.join('`, `')}\`, change it to where they are`);
  else say(job, `Docs: ${docs.join(', ')} (${about})`);
  if (!settings.annotate) say(job, 'Next: docwright run; docwright init --annotate finds what can be annotated');
  return docs;
}

async function annotateDocs(job: Job): Promise<number> {
  const { settings, streams, cwd } = job;
  const { docset, scope } = await readDocs(job);
  const { annotate } = await import('../../compile/annotate/index.ts');
  const { tags, tables } = settings;
  const options = { readFile: includeReader(cwd), facts: 'promises', tags, ...(tables ? { tables } : {}) } as const;
  const { edits, unsure } = await withinReach(await annotate(scope.sources, docset, options, scope.only), cwd);
  const signal = stoppedBy(job);
  if (signal) return signalCode(signal);
  const failures = settings.write ? await write(edits, cwd) : [];
  if (!settings.write) {
    const { unifiedDiff } = await import('../../compile/annotate/patch.ts');
    for (const { file, text, insertions } of edits) streams.stdout.write(unifiedDiff(file, text, insertions));
  }
  for (const { place, line, reason } of unsure) {
    say(job, `${place.file}:${place.position.start.line}  ${clip(line)}\n    not annotated: ${reason}`);
  }
  const exchanges = edits.reduce((sum, edit) => sum + edit.exchanges, 0);
  const count = `${exchanges} ${exchanges === 1 ? 'exchange' : 'exchanges'} in ${edits.length} ${edits.length === 1 ? 'page' : 'pages'}`;
  const left = unsure.length === 0 ? '' : `; ${unsure.length} ${unsure.length === 1 ? 'fence' : 'fences'} left alone`;
  if (exchanges === 0) say(job, `Nothing to annotate${left}`);
  else if (settings.write) say(job, `Annotated ${count}${left}\nNext: docwright run`);
  else say(job, `The patch annotates ${count}${left}\nNext: git apply, or docwright init --annotate --write`);
  for (const failure of failures) streams.stderr.write(`docwright: ${forTerminal(failure)}\n`);
  return failures.length > 0 ? 2 : 0;
}

/** A patch reaches only what lies below the working directory, and neither it nor we write through a link. */
async function withinReach({ edits, unsure }: Annotations, cwd: string): Promise<Annotations> {
  const kept: Edit[] = [];
  const left = [...unsure];
  for (const edit of edits) {
    const file = path.resolve(cwd, edit.file);
    const reason = !isWithin(file, cwd)
      ? 'the page does not lie below the working directory'
      : (await isReachedWithoutLink(cwd, file))
        ? undefined
        : 'the page is reached by a link';
    if (reason === undefined) kept.push(edit);
    else left.push(...edit.fences.map((fence) => ({ ...fence, reason })));
  }
  return { edits: kept, unsure: left };
}

async function write(edits: readonly Edit[], cwd: string): Promise<string[]> {
  const { inserted } = await import('../../compile/annotate/patch.ts');
  const failures: string[] = [];
  for (const { file, text, insertions } of edits) {
    try {
      replaceText(path.resolve(cwd, file), text, inserted(text, insertions));
    } catch (cause) {
      failures.push(`Cannot write \`${file}\`: ${(cause as Error).message}`);
    }
  }
  return failures;
}

function clip(line: string): string {
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

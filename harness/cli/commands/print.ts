import { UsageError } from '../../model/usage.ts';
import { isColored } from '../terminal.ts';
import { readDocs } from '../docs.ts';
import type { Job } from '../job.ts';
import { SHOWN } from '../settings.ts';

/** `docwright print`: what was understood of the docs, on standard output, for people or as JSON. */
export async function printCommand(job: Job): Promise<number> {
  const { settings, streams, environment, version } = job;
  const { docset, selection } = await readDocs(job);
  const { files, exchanges } = selection;
  const { grep } = settings;
  const fits = (name: string): boolean => grep === undefined || grep.test(name);
  const resources = docset.resources.filter(
    ({ name, page, unread }) => !unread && (files?.has(page) ?? true) && fits(name),
  );
  // With an expression, the pages are those of what it names.
  const touched = new Set([...exchanges.map(({ file }) => file), ...resources.map(({ page }) => page)]);
  if (grep !== undefined && touched.size === 0 && !settings.passWithNoTests)
    throw new UsageError(`Nothing selected: no exchange and no resource of the docs fits \`${grep.source}\``);
  const { understood } = await import('../../report/understood.ts');
  const only = grep === undefined ? files : touched;
  const brief = settings.show.length === 0;
  const show = brief ? SHOWN : settings.show;
  const chosen = { exchanges, resources, show, ...(only === undefined ? {} : { files: only }) };
  const what = understood(docset, chosen, { name: 'docwright', version });
  if (settings.json) {
    streams.stdout.write(`${JSON.stringify(what, null, 2)}\n`);
    return 0;
  }
  const { printed } = await import('../../report/print.ts');
  const color = isColored(settings.color, environment, streams.stdout);
  const width = Math.max(40, streams.stdout.columns ?? (Number(environment.COLUMNS) || 80));
  for (const line of printed(what, { brief, color, width })) streams.stdout.write(line);
  return 0;
}

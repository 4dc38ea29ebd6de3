import path from 'node:path';
import { appendWithin } from '../files/append.ts';
import { isWithin } from '../files/names.ts';
import { includeReader } from '../files/read.ts';
import type { OAuthConfig } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { UsageError } from '../model/usage.ts';
import { isLoopback } from '../replay/gate.ts';
import { originsOf } from '../replay/hosts.ts';
import { azureOAuth } from './account-sources.ts';
import type { Job } from './job.ts';
import { repositoryOf } from './repository.ts';
import type { Environment } from './settings.ts';
import { targetName, type TargetChoice } from './target.ts';

/** The working directory below the folder that the CI has checked out, forward slashes; empty where they are the same or there is no CI. */
export function baseOf(environment: Environment, cwd: string): string {
  const root = ROOTS.map((name) => environment[name]).find((folder) => folder !== undefined && folder !== '');
  if (root === undefined || !isWithin(cwd, path.resolve(root))) return '';
  return path.relative(path.resolve(root), cwd).replaceAll(path.sep, '/');
}

/** Of GitHub, GitLab and Azure Pipelines. */
const ROOTS = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR', 'BUILD_SOURCESDIRECTORY'] as const;

/** Whatever the environment decides of what a run writes. */
export function ciStamp(environment: Environment): readonly (string | undefined)[] {
  return [...ROOTS.map((name) => environment[name]), environment.CI, repositoryOf(environment, '')];
}

/**
 * Refuses to send to a service from a workflow on `pull_request_target`: it has the secrets of the repository, and anyone may have
 * written the pages. Only who starts the command can allow it, no config.
 */
export function refuseStrangers(
  { environment, settings }: Pick<Job, 'environment' | 'settings'>,
  choice: TargetChoice,
): void {
  if (environment.GITHUB_EVENT_NAME !== 'pull_request_target' || settings.allowPullRequestTarget) return;
  if (choice.url === undefined) return;
  if ([choice.url, ...authoritiesOf(choice, environment)].every(isLoopback)) return;
  throw new UsageError(
    `Under pull_request_target, pages that anyone may have written would be sent to \`${targetName(choice)}\` by a job that has secrets; ` +
      'use the event pull_request, or --allow-pull-request-target if the pages are yours',
  );
}

/** Who is told the secrets of the accounts of a target: their authorization servers, and the hosts that those may lead to. */
function authoritiesOf({ named }: TargetChoice, environment: Environment): string[] {
  const all = [named, ...Object.values(named?.accounts ?? {})].flatMap((account) => account?.auth ?? []);
  const urls = all.flatMap((auth) => {
    const config: Partial<OAuthConfig> =
      'oauth' in auth ? auth.oauth : 'azure' in auth ? azureOAuth(auth.azure, environment, '') : {};
    return [config.issuer, config.tokenEndpoint, config.deviceEndpoint].filter((url) => url !== undefined);
  });
  return urls.length === 0 ? [] : [...urls, ...(named?.hosts ?? []).flatMap(originsOf)];
}

/** Where the job summary goes, where GitHub wants one and the reporter `github` is asked for. */
export function summaryFile({ environment, outputs }: Pick<Job, 'environment' | 'outputs'>): string | undefined {
  const file = environment.GITHUB_STEP_SUMMARY;
  return file !== undefined && file !== '' && outputs.some(({ name }) => name === 'github') ? file : undefined;
}

/**
 * Tells which findings stand on what a pull request changes, which GitHub shows beside its lines; nothing where nobody asks, or where the
 * checkout has not the history to know.
 */
export async function touchedByPull(job: Job): Promise<((finding: Finding) => boolean) | undefined> {
  const base = pullBase(job);
  if (base === undefined) return undefined;
  const { touchedSince } = await import('./changed-blocks.ts');
  try {
    return await touchedSince(job, `origin/${base}`, includeReader(job.cwd));
  } catch (cause) {
    if (cause instanceof UsageError) return undefined;
    throw cause;
  }
}

/** The branch that a pull request is for, where the reporter `github` is to know what that changes. */
export function pullBase({ environment, outputs }: Pick<Job, 'environment' | 'outputs'>): string | undefined {
  const { GITHUB_BASE_REF: base } = environment;
  return base && outputs.some(({ name }) => name === 'github') ? base : undefined;
}

/** Appends to the job summary, which GitHub takes up to 1 MiB a step, whoever has written to it before. */
export async function writeSummary(
  file: string,
  report: Report,
  context: ReportContext,
  written: (text: string) => string,
): Promise<void> {
  const { markdownWithin } = await import('../report/index.ts');
  // What is taken out of the text may be shorter than what stands for it.
  appendWithin(file, MOST_SUMMARY, (room) => {
    const text = written(markdownWithin(report, context, Math.floor(room * 0.9)));
    return Buffer.byteLength(text) + 2 > room || text === '' ? '' : `${text}\n\n`;
  });
}

const MOST_SUMMARY = 1024 * 1024;

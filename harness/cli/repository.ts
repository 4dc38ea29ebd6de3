import type { Environment } from './settings.ts';

/** What stands before the path of a file on the web, as the CI tells it: on GitHub and GitLab, of the commit that is tested. */
export function repositoryOf(environment: Environment, base: string): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = environment;
  const url =
    GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_SHA
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}`
      : CI_PROJECT_URL && CI_COMMIT_SHA
        ? `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}`
        : undefined;
  if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  return base === '' ? url : `${url}/${base.split('/').map(encodeURIComponent).join('/')}`;
}

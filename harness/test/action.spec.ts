import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createJiti } from 'jiti';
import { parse } from 'yaml';
import { builtMain } from './built.ts';
import { repository } from './repository.ts';
import { page, workspace, type Workspace } from './workspace.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const source = readFileSync('action.yml', 'utf8');
const action = parse(source) as Action;
const ci = readFileSync('docs/ci.md', 'utf8');

/** The faults that GitHub's own parser finds in an action or a workflow, its expressions among them. */
async function faultsIn(kind: 'action' | 'workflow', content: string): Promise<string[]> {
  // It imports its schemas as JSON in a way that Node does not take.
  const jiti = createJiti(import.meta.url);
  const { NoOperationTraceWriter, parseWorkflow } =
    await jiti.import<typeof import('@actions/workflow-parser')>('@actions/workflow-parser');
  const { parseAction } = await jiti.import<typeof import('@actions/workflow-parser/actions/action-parser')>(
    '@actions/workflow-parser/actions/action-parser',
  );
  const read = kind === 'action' ? parseAction : parseWorkflow;
  const { context } = read({ name: kind, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

test.describe('action.yml', () => {
  test('is an action to the parser of GitHub, and what is misspelt in it is none', async () => {
    expect(await faultsIn('action', source)).toEqual([]);
    for (const [right, wrong] of [
      ['using: composite', 'using: nonsense'],
      ['shell: bash', 'shel: bash'],
      ['${{ inputs.command }}', '${{ input.command }}'],
      ["== 'true' && steps", "= 'true' && steps"],
    ] as const) {
      expect(source).toContain(right);
      expect(await faultsIn('action', source.replace(right, wrong)), wrong).not.toEqual([]);
    }
  });

  test('runs nothing that somebody else wrote: no expression in a script, every action by its commit', () => {
    for (const { run, shell, uses } of action.runs.steps) {
      if (run !== undefined) expect(run).not.toContain('${{');
      if (run !== undefined) expect(shell).toBe('bash');
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
    }
    expect(source.match(/uses: .*/g)!.every((line) => /# v\d+\.\d+\.\d+$/.test(line))).toBe(true);
  });

  test('its page tells of every input, as it is', () => {
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(ci, name).toContain(`\`${name}\``);
      expect(description.length).toBeGreaterThan(10);
    }
  });
});

test.describe('the steps of action.yml', () => {
  test.skip(process.platform === 'win32', 'the steps need a bash and a file that can be made executable');

  let place: Workspace;
  test.beforeEach(() => {
    place = workspace({
      'docs/a.md': page('A'),
      'docs/broken.md': '# B\n\n<!-- { "blockType": "request", "name": "x" } -->\n\nNo fence, %0A::error::pwned.\n',
      'out.txt': '',
      'summary.md': '',
      'bin/npx': `#!/usr/bin/env bash\nprintf '%s\\n' "$@" >"$TOLD"\nexec "${process.execPath}" "${builtMain()}" "\${@:3}"\n`,
    });
    chmodSync(path.join(place.folder, 'bin/npx'), 0o755);
  });
  test.afterEach(() => place.remove());

  test('run the tool, annotate, write the summary, and tell where the reports are', () => {
    const { status, stdout, outputs } = run({});
    expect(status).toBe(0);
    expect(outputs).toEqual({ 'exit-code': '1', reports: 'reports', sarif: 'true' });
    expect(stdout).toMatch(/^::error file=docs\/broken\.md,line=3,.*title=annotation\/unbound::/m);
    expect(place.read('summary.md')).toMatch(
      /^## docwright `check`\n[^]*`docs\/broken\.md:3:\d+` `annotation\/unbound`/,
    );
    for (const file of ['index.html', 'junit.xml', 'report.json', 'results.sarif', 'summary.md'])
      expect(existsSync(path.join(place.folder, 'reports', file)), file).toBe(true);
    const sarif = JSON.parse(place.read('reports/results.sarif')) as {
      runs: { tool: { driver: { rules: object[] } } }[];
    };
    expect(sarif.runs[0]!.tool.driver.rules[0]).toMatchObject({
      help: { markdown: expect.stringContaining('## Mended') },
    });
    expect(place.read('told.txt').split('\n').slice(0, 2)).toEqual(['--yes', `docwright@${version()}`]);
  });

  test('take words as they are: nothing in an input is run or split', () => {
    const evil = '$(touch pwned) `touch pwned`; touch pwned';
    run({ docs: `${evil}\ndocs two`, args: `--grep=${evil}\n--pass-with-no-tests\r\n`, target: `"; ${evil}` });
    const words = place.read('told.txt').trimEnd().split('\n');
    expect(words).toEqual([
      '--yes',
      `docwright@${version()}`,
      'check',
      '--reports=reports',
      '--reporter=list,github=-,json,junit,html,sarif,markdown',
      `--docs=${evil}`,
      '--docs=docs two',
      `--target="; ${evil}`,
      `--grep=${evil}`,
      '--pass-with-no-tests',
    ]);
    expect(existsSync(path.join(place.folder, 'pwned'))).toBe(false);
    expect(run({ version: '1.0.0; touch pwned' }).status).toBe(2);
    expect(run({ command: 'mock' }).status).toBe(2);
    expect(run({ version: '1.2.3' }).status).toBe(0);
    expect(place.read('told.txt')).toContain('docwright@1.2.3\n');
  });

  test('the last step fails as asked', () => {
    const { run: script } = action.runs.steps.at(-1)!;
    const ends = (STATUS: string, FAIL: string) =>
      spawnSync('bash', ['-e', '-c', script!], { env: { ...process.env, STATUS, FAIL } }).status;
    expect([ends('0', 'true'), ends('1', 'true'), ends('1', 'false'), ends('2', 'false'), ends('', 'false')]).toEqual([
      0, 1, 0, 2, 2,
    ]);
  });

  test('refuse to send to a service under pull_request_target, unless told', () => {
    const live = { command: 'replay', docs: 'docs', target: 'https://service.invalid', args: '--timeout=1000' };
    const stranger = { GITHUB_EVENT_NAME: 'pull_request_target' };
    const refused = run(live, stranger);
    expect(refused.outputs['exit-code']).toBe('2');
    expect(refused.stderr).toContain('--allow-pull-request-target');
    expect(existsSync(path.join(place.folder, 'reports'))).toBe(false);
    run({ ...live, 'allow-pull-request-target': 'true' }, stranger);
    expect(place.read('told.txt')).toContain('--allow-pull-request-target\n');
  });

  /** The step that runs the tool, as GitHub would run it. */
  function run(inputs: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
    const step = action.runs.steps.find(({ id }) => id === 'docwright')!;
    const env = Object.fromEntries(
      Object.entries(step.env!).map(([name, value]) => {
        const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1];
        return [name, input === undefined ? process.cwd() : (inputs[input] ?? action.inputs[input]!.default)];
      }),
    );
    place.write('out.txt', '');
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run!],
      {
        cwd: place.folder,
        encoding: 'utf8',
        env: {
          PATH: `${path.join(place.folder, 'bin')}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
          TOLD: path.join(place.folder, 'told.txt'),
          GITHUB_WORKSPACE: place.folder,
          GITHUB_OUTPUT: path.join(place.folder, 'out.txt'),
          GITHUB_STEP_SUMMARY: path.join(place.folder, 'summary.md'),
          ...env,
          ...environment,
        },
      },
    );
    const lines = place
      .read('out.txt')
      .split('\n')
      .filter((line) => line !== '');
    return {
      status,
      stdout,
      stderr,
      outputs: Object.fromEntries(lines.map((line) => line.split('=', 2))) as Record<string, string>,
    };
  }
});

test.describe('pull_request_target', () => {
  const environment = { GITHUB_EVENT_NAME: 'pull_request_target' };

  test('is no place to send to a service from; the mock and loopback are fine, and no config can allow it', async () => {
    const place = workspace({ 'docs/a.md': page('A') });
    const live = ['replay', '--docs', 'docs', '--target', 'https://service.invalid', '--timeout', '1000'];
    const refused = await place.cli(live, { environment });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('https://service.invalid')]);
    expect(existsSync(path.join(place.folder, 'reports'))).toBe(false);
    expect((await place.cli(live, { environment: { GITHUB_EVENT_NAME: 'pull_request' } })).code).toBe(1);
    expect((await place.cli([...live, '--allow-pull-request-target'], { environment })).code).toBe(1);
    expect((await place.cli(['run'], { environment })).code).toBe(0);
    const loopback = ['replay', '--docs', 'docs', '--target', 'http://127.0.0.1:9'];
    expect((await place.cli(loopback, { environment })).code).toBe(1);
    place.write('docwright.config.json', '{"allowPullRequestTarget": true}');
    expect((await place.cli(live, { environment })).stderr).toContain('Unknown key');
    place.remove();
  });
});

test.describe('the job summary', () => {
  test('is written where github reports and GitHub wants one, each time, and stays under 1 MiB', async () => {
    const place = workspace({ 'docs/a.md': page('A'), 'summary.md': '' });
    const environment = { GITHUB_STEP_SUMMARY: path.join(place.folder, 'summary.md') };
    await place.cli(['check'], { environment });
    expect(place.read('summary.md')).toBe('');
    await place.cli(['check', '--reporter', 'github,json'], { environment });
    await place.cli(['check', '--reporter', 'github,json'], { environment });
    expect(place.read('summary.md').match(/^## docwright/gm)).toHaveLength(2);
    for (const room of [0, 50, 400]) {
      place.write('summary.md', 'x'.repeat(1024 * 1024 - room));
      expect((await place.cli(['check', '--reporter', 'github'], { environment })).code).toBe(0);
      expect(place.read('summary.md').length).toBeLessThanOrEqual(1024 * 1024);
    }
    const nowhere = { GITHUB_STEP_SUMMARY: path.join(place.folder, 'none', 'summary.md') };
    const failed = await place.cli(['check', '--reporter', 'github'], { environment: nowhere });
    expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining('Cannot write the job summary')]);
    place.remove();
  });
});

test.describe('annotations', () => {
  test('are first of what the pull request has changed, where the checkout knows that', async () => {
    const old = Array.from({ length: 12 }, (_, at) => `See [that](gone-${at}.md).`).join('\n\n');
    const space = repository({ 'docs/a.md': `# A\n\n${old}\n`, 'docs/b.md': `# B\n\n${old}\n` });
    space.git('update-ref', 'refs/remotes/origin/release', 'HEAD');
    space.git('checkout', '-q', '-b', 'pull');
    space.write('docs/b.md', `# B\n\n${old}\n\nSee [new](new.md).\n`);
    space.commit('New');
    const first = async (base: string): Promise<string> => {
      const { stdout } = await space.cli(['check', '--reporter', 'github=-'], {
        environment: { GITHUB_BASE_REF: base },
      });
      expect(stdout.match(/^::warning/gm)).toHaveLength(10);
      expect(stdout).toContain('15 warnings left out here');
      return stdout.split('\n', 1)[0]!;
    };
    expect(await first('release')).toContain('file=docs/b.md,line=27,');
    // A branch that was not fetched is no fault: nobody knows, then.
    expect(await first('elsewhere')).toContain('file=docs/a.md,line=3,');
    space.remove();
  });
});

test.describe('paths', () => {
  test('of annotations, SARIF and code quality count from the root of the checkout', async () => {
    const place = workspace({ 'sub/docs/a.md': '# A\n\n<!-- { "blockType": "request" } -->\n\nNo fence.\n' });
    for (const name of ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR', 'BUILD_SOURCESDIRECTORY']) {
      const environment = { [name]: place.folder };
      const words = ['check', '--reporter', 'github=-,sarif,codequality,json'];
      const { stdout } = await place.cli(words, { environment, cwd: path.join(place.folder, 'sub') });
      expect(stdout).toContain('file=sub/docs/a.md,');
      expect(place.read('sub/reports/results.sarif')).toContain('"uri": "sub/docs/a.md"');
      expect(place.read('sub/reports/codequality.json')).toContain('"path": "sub/docs/a.md"');
      expect(place.report('sub/reports').findings[0]!.file).toBe('docs/a.md');
    }
    place.remove();
  });
});

test.describe('docs/ci.md', () => {
  const yaml = (host: string) => new RegExp(`\`\`\`yaml ${host}\\n([^]*?)\`\`\``).exec(ci)![1]!;

  test('the workflow for GitHub is one to its parser, says its permissions and passes inputs that there are', async () => {
    const text = yaml('github');
    expect(await faultsIn('workflow', text)).toEqual([]);
    expect(await faultsIn('workflow', text.replace('runs-on', 'run-on'))).not.toEqual([]);
    expect(await faultsIn('workflow', text.replace('contents: read', 'contents: red'))).not.toEqual([]);
    const { permissions, jobs } = parse(text) as {
      permissions: object;
      jobs: { docs: { steps: readonly { uses: string; with: object }[] } };
    };
    expect(permissions).toEqual({ contents: 'read' });
    for (const name of Object.keys(jobs.docs.steps[1]!.with)) expect(Object.keys(action.inputs)).toContain(name);
  });

  test('the job for GitLab has keys that GitLab knows, and names files that are written', () => {
    const { docs } = parse(yaml('gitlab')) as { docs: Record<string, Record<string, unknown>> };
    expect(Object.keys(docs)).toEqual(['image', 'script', 'artifacts']);
    expect(Object.keys(docs.artifacts!)).toEqual(['when', 'expose_as', 'paths', 'reports']);
    expect(docs.artifacts!.reports).toEqual({ junit: 'reports/junit.xml', codequality: 'reports/codequality.json' });
    expect(JSON.stringify(docs.script)).toContain('--reporter list,junit,codequality,html');
  });

  test('the pipeline for Azure has keys that Azure knows, and names files that are written', () => {
    const pipeline = parse(yaml('azure')) as { steps: readonly Record<string, unknown>[] };
    expect(Object.keys(pipeline)).toEqual(['trigger', 'pool', 'steps']);
    const known = ['checkout', 'persistCredentials', 'task', 'inputs', 'script', 'displayName', 'condition'];
    for (const step of pipeline.steps) {
      expect(['checkout', 'task', 'script']).toContain(Object.keys(step)[0]);
      expect(known).toEqual(expect.arrayContaining(Object.keys(step)));
      if (step.task !== undefined) expect(step.task).toMatch(/^\w+@\d+$/);
    }
    const [tests] = pipeline.steps.filter(({ task }) => task === 'PublishTestResults@2');
    expect(tests!.inputs).toMatchObject({ testResultsFormat: 'JUnit', testResultsFiles: 'reports/junit.xml' });
  });

  test('it tells of every reporter with its file', async () => {
    const { reporters } = await import('../report/index.ts');
    for (const [name, { file }] of Object.entries(reporters)) {
      expect(ci).toMatch(new RegExp(`^\\| \`${name}\` \\| ${file === undefined ? '' : `\`${file}\``}`, 'm'));
    }
  });
});

function version(): string {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
}

// The import rule of harness/, in the order of docs/architecture.md. Rooms see `model`; what joins them is named.
const STAGES = '(compile|check|replay|mock|compare|report)';
// The app of the HTML report runs in a browser: what it imports is bundled, so that nobody has to install it.
const BUNDLED = '^harness/report/html/app/';
// Doors of test runners, which run what the command runs.
const RUNNERS = '^harness/doors/(playwright|expect)';
// `bench` and `test` see everything; they are no part of what is published.
const published = (path) => ({ path, pathNot: '^harness/(bench|test)/' });
const others = (...seen) => ({ path: '^harness/', pathNot: seen.map((room) => `^harness/${room}`) });
const packages = (...names) => ({ path: names.map((name) => `(^|node_modules/)(@types/)?${name}(/|$)`) });
const builtin = (name) => ({ path: `^(node:)?${name}(/|$)` });
const outside = (...rooms) => ({
  path: '^harness/',
  pathNot: ['bench/', 'test/', ...rooms].map((room) => `^harness/${room}`),
});

module.exports = {
  forbidden: [
    rule('no-cycles', 'Nothing imports itself by a detour.', { path: '^harness/' }, { circular: true }),
    rule('model-alone', '`model` imports no other room.', { path: '^harness/model/' }, others('model/')),
    rule(
      'stages-apart',
      'A stage imports itself and `model`, never another stage.',
      { path: `^harness/${STAGES}/` },
      others('model/', '$1/'),
    ),
    rule(
      'files-know-model',
      '`files` imports itself and `model`.',
      { path: '^harness/files/' },
      others('files/', 'model/'),
    ),
    rule(
      'conform-joins-stages',
      '`conform.ts` and `examine.ts` join stages and `model`.',
      { path: '^harness/(conform|examine)(\\.ts$|/)' },
      others('model/', `${STAGES}/`, 'examine/', 'conform/'),
    ),
    rule(
      'doors-join-stages',
      'A door joins stages for one host; it knows neither files nor the command line.',
      { path: '^harness/doors/([^/.]+)', pathNot: RUNNERS },
      others('model/', `${STAGES}/`, '(conform|examine)\\.ts$', 'doors/$1'),
    ),
    rule(
      'runners-through-one-door',
      'A run of a test runner is a run of the command line: its door sees that through `cli/door.ts` alone.',
      { path: RUNNERS },
      others('model/', `${STAGES}/`, 'cli/door\\.ts$', 'doors/playwright'),
    ),
    rule(
      'app-in-browser',
      'The app runs in a browser, and preact there alone: the page is made without either.',
      { path: '^harness/', pathNot: BUNDLED },
      { path: [BUNDLED, ...packages('preact').path] },
    ),
    rule('nobody-knows-cli', 'Only `cli` imports `cli`.', outside('cli/', 'doors/(playwright|expect)'), {
      path: '^harness/cli/',
    }),
    rule('nobody-knows-doors', 'Doors are entries: nothing here imports one.', outside('doors/'), {
      path: '^harness/doors/',
    }),
    rule(
      'cli-goes-past-index',
      '`index.ts` is for users; inside, the room itself is imported.',
      outside('index\\.ts$'),
      {
        path: '^harness/index\\.ts$',
      },
    ),
    rule('published-without-tests', 'Nothing published imports a test or a bench.', published('^harness/'), {
      path: '^harness/(bench|test)/',
    }),
    rule(
      'markdown-in-compile-and-check',
      'unified and remark live in `compile`, `check` and `doors/remark`.',
      outside('(compile|check)/', 'doors/remark'),
      packages('unified', 'remark[^/]*', 'mdast[^/]*', 'micromark[^/]*', 'unist[^/]*', 'vfile[^/]*'),
    ),
    rule(
      'msw-in-mock',
      'msw lives in `mock` and `doors/msw`.',
      outside('mock/', 'doors/msw'),
      packages('msw', '@mswjs'),
    ),
    rule(
      'only-replay-sends',
      '`replay` is the room that sends.',
      outside('replay/'),
      packages('undici', 'oauth4webapi'),
    ),
    rule(
      'playwright-at-its-door',
      '@playwright/test is known to tests and `doors/playwright`.',
      outside('doors/playwright'),
      packages('@playwright', 'playwright(-core)?'),
    ),
    rule('commander-in-cli', 'Only `cli` knows how flags are parsed.', outside('cli/'), packages('commander')),
    rule(
      'only-files-touches-files',
      '`files` is the only room that touches the file system.',
      outside('files/'),
      builtin('fs'),
    ),
    rule(
      'only-cli-touches-process',
      '`cli` is the only room that touches the process.',
      outside('cli/'),
      builtin('process'),
    ),
    rule(
      'only-cli-starts-processes',
      'Child processes are handed in by `cli`.',
      outside('cli/'),
      builtin('child_process'),
    ),
    rule(
      'only-what-is-installed',
      'Published code imports dependencies of the package, and what is bundled with it, none that happen to be there.',
      { path: '^harness/', pathNot: ['^harness/(bench|test)/', BUNDLED, '^harness/doors/playwright'] },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/(remark-[^/]+|mdast-util-to-string|vfile|commander|fastest-levenshtein)/',
      },
    ),
    rule('resolvable', 'Every import leads somewhere.', { path: '^harness/' }, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A type import is an import: what a room knows, it depends on.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};

function rule(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import type { DocwrightOptions } from 'docwright/playwright';

const config = fileURLToPath(new URL('docwright.config.ts', import.meta.url));
// Where docwright is a dependency, its name does: 'docwright/playwright-reporter'.
const reporter = fileURLToPath(import.meta.resolve('docwright/playwright-reporter'));
const results = fileURLToPath(new URL('../../test-results/suite', import.meta.url));

export default defineConfig<object, DocwrightOptions>({
  testDir: '.',
  fullyParallel: true,
  workers: 2,
  outputDir: `${results}/output`,
  // Shards write blobs, which `merge-reports` makes one report of.
  reporter: process.env.SHARDED ? [['line'], ['blob']] : [['list'], [reporter, { config }]],
  projects: [
    { name: 'mock', use: { docwright: { config, target: 'mock' } } },
    // The other pages are of another service.
    { name: 'live', use: { docwright: { config, target: 'powerdns' } }, grep: /\bdns\// },
  ],
});

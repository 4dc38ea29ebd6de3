import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import type { DocwrightOptions } from 'docwright/playwright';

// Where docwright is a dependency, its name is enough: ['docwright/playwright-reporter'].
const reporter = fileURLToPath(import.meta.resolve('docwright/playwright-reporter'));
const config = fileURLToPath(new URL('docwright.config.ts', import.meta.url));

export default defineConfig<object, DocwrightOptions>({
  testDir: '.',
  fullyParallel: true,
  workers: 2,
  outputDir: '../../test-results/suite/output',
  reporter: process.env.CI
    ? [['list'], ['blob', { outputDir: '../../test-results/suite/blob' }]]
    : [['list'], [reporter, { config }]],
  projects: [
    { name: 'mock', use: { docwright: { config, target: 'mock' } } },
    { name: 'live', use: { docwright: { config, target: 'powerdns' } } },
  ],
});

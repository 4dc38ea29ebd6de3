import { defineConfig } from '@playwright/test';
import { browserArgs, browserPath } from './harness/test/browser.ts';

const executablePath = browserPath();
const isCi = Boolean(process.env.CI);

export default defineConfig({
  testDir: 'harness/test',
  fullyParallel: true,
  forbidOnly: isCi,
  workers: 2,
  reporter: isCi ? [['list'], ['json', { outputFile: 'test-results/results.json' }]] : [['list']],
  outputDir: 'test-results/output',
  use: {
    launchOptions: { args: [...browserArgs], ...(executablePath === undefined ? {} : { executablePath }) },
  },
});

import { defineConfig } from 'docwright';

export default defineConfig({
  fixtures: '../../fixtures',
  reports: '../../test-results/suite',
  targets: {
    powerdns: {
      url: process.env.POWERDNS_URL ?? 'http://127.0.0.1:8081',
      auth: { apiKey: { header: 'X-API-Key', value: { env: 'POWERDNS_KEY' } } },
      // This server loses a write where two come together.
      concurrency: 1,
      values: { orchard: { generate: 'unique' } },
    },
  },
});

import { defineConfig } from 'docwright';

export default defineConfig({
  fixtures: '../../fixtures',
  reports: '../../test-results/suite',
  targets: {
    powerdns: {
      url: process.env.POWERDNS_URL ?? 'http://127.0.0.1:8081',
      auth: { apiKey: { header: 'X-API-Key', value: { env: 'POWERDNS_KEY' } } },
      values: { orchard: { generate: 'unique' } },
    },
  },
});

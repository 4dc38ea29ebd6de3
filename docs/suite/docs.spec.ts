import { fileURLToPath } from 'node:url';
import { documented } from 'docwright/playwright';

await documented({ config: fileURLToPath(new URL('docwright.config.ts', import.meta.url)) });

import { deflateRawSync } from 'node:zlib';
import { trusted, type Html } from './escape.ts';

/** Plain data in an element that nothing runs and nothing shows: JSON, deflated (RFC 1951), in base64 (RFC 4648). */
export function packed(id: string, data: unknown, redacted: (text: string) => string = (text) => text): Html {
  const bytes = deflateRawSync(redacted(JSON.stringify(data)), { level: 6 });
  return trusted(`<script type="application/octet-stream" id="${id}">${bytes.toString('base64')}</script>\n`);
}

import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { wirePath } from '../model/url.ts';

test('a path travels as the URL standard has it, whether there is anything to encode or not', () => {
  const piece = fc.constantFrom(
    ...'/ / / . .. a B 0 _ - ~ ! $ & \' ( ) * + , ; = : @ % %41 %2e é { | " <'.split(' '),
    '\\',
    ' ',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = `/${pieces.join('')}`;
      // What is no part of a path as it travels, each by its bytes; what is encoded already stays.
      const encoded = path.replace(/%[\da-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gi, (found) =>
        /^%../.test(found) ? found : encodeURIComponent(found),
      );
      expect(wirePath(path)).toBe(new URL(`http://x${encoded}`).pathname);
    }),
    { numRuns: 2000 },
  );
});

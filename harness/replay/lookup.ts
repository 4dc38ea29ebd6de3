import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isForbiddenAddress } from './addresses.ts';
import { forbidden, RefusedError } from './hosts.ts';

/**
 * Resolves names for connections and refuses those of which any address is forbidden. What it gives is what is connected to: there
 * is no second look-up that could say otherwise.
 */
export function guardedLookup(lookup: LookupFunction = systemLookup as LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      if (error) return callback(error, address, family);
      const addresses = typeof address === 'string' ? [{ address, family }] : (address as readonly LookupAddress[]);
      const refused = addresses.find((each) => isForbiddenAddress(each.address));
      if (refused) return callback(new RefusedError(forbidden(`${hostname} (${refused.address})`)), address, family);
      callback(null, address, family);
    });
  };
}

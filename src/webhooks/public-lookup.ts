import { promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isItself, isPrivateAddress } from '../model/private-receiver.ts';

/** The code of the fault of a name that leads to a private address. */
export const PRIVATE_ADDRESS = 'PRIVATE_ADDRESS';

/** The same look-up, but for names of which any address is private, by the rule that URLs are judged by. */
export const onlyPublic =
  (lookup: LookupFunction): LookupFunction =>
  (hostname, options, done) =>
    lookup(hostname, options, (fault, found, family) => {
      const addresses = typeof found === 'string' ? [{ address: found }] : found;
      if (fault || !addresses.some(({ address }) => isPrivateAddress(address))) {
        done(fault, found, family);
        return;
      }
      const refusal = new Error('The name leads to a private address.');
      done(Object.assign(refusal, { code: PRIVATE_ADDRESS }), '', 0);
    });

/**
 * Asks the name servers themselves: what only this machine's files and search domains know is nobody's public
 * receiver, and a server that does not answer holds up no thread that others wait for.
 */
export function publicLookup(): LookupFunction {
  const resolver = new dns.Resolver({ timeout: 1500, tries: 2 });
  return (hostname, { all }, done) => {
    const itself = { address: '127.0.0.1', family: 4 };
    if (isItself(hostname)) return all ? done(null, [itself]) : done(null, itself.address, 4);
    const families = [
      resolver.resolve4(hostname).then((found) => found.map((address) => ({ address, family: 4 }))),
      resolver.resolve6(hostname).then((found) => found.map((address) => ({ address, family: 6 }))),
    ];
    void Promise.allSettled(families).then((results) => {
      const found = results.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      const [first] = found;
      const fault = results.find((one) => one.status === 'rejected')?.reason;
      if (!first) done(fault ?? new Error('The name has no address.'), '', 0);
      else if (all) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

import { isIP } from 'node:net';
import { isWithin } from './network.ts';

/** What is no unicast address of the whole Internet (IANA, Special-Purpose Address Registries). */
const SPECIAL: Readonly<Record<number, readonly string[]>> = {
  4: [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
    ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24'],
    ...['192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15'],
    ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ],
  6: [
    // All but 2000::/3, which is all that is given out: also what has an IPv4 address within.
    ...['::/3', '4000::/2', '8000::/1'],
    ...['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
  ],
};

/** Whether each machine calls itself so (RFC 6761, 6.3), whether or not name servers know it. */
export const isItself = (host: string) => /(^|\.)localhost\.?$/i.test(host);

/** Whether it is the address of no public receiver; false for what is no address. */
export const isPrivateAddress = (address: string) =>
  isWithin(SPECIAL[isIP(address)] ?? [], address);

/**
 * Whether the host of a URL says by itself that it is in a private network, or this machine. Of other names only the
 * connection tells.
 */
export function isPrivateReceiver(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isItself(host) || isPrivateAddress(host);
}

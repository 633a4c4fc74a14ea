import { isIP } from 'node:net';
import { isWithin } from './network.ts';

const PRIVATE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.168.0.0/16', '::/128', '::1/128', 'fc00::/7', 'fe80::/10'],
];

/** Whether each machine calls itself so (RFC 6761, 6.3), whether or not name servers know it. */
export const isItself = (host: string) => /(^|\.)localhost\.?$/i.test(host);

/**
 * Whether the host of a URL says by itself that it is in a private network, or this machine. Of other names only the
 * connection tells.
 */
export function isPrivateReceiver(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isItself(host) || (isIP(host) !== 0 && isWithin(PRIVATE, host));
}

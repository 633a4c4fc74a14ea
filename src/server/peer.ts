import type { IncomingMessage } from 'node:http';
import proxyaddr from 'proxy-addr';
import type { Trust } from './named-url.ts';

/** Where a request comes from: what its headers say is only looked at where a trusted proxy says it. */
export function peerOf(message: IncomingMessage, trust: Trust): string {
  const { remoteAddress = '' } = message.socket;
  return trust(remoteAddress, 0) ? proxyaddr(message, trust) : remoteAddress;
}

import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import proxyaddr from 'proxy-addr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedUrl } from '../../src/server/named-url.ts';
import { sendRaw } from '../compat/replay.ts';

const TRUSTED = '203.0.113.9';

let server: Server;
beforeAll(async () => {
  server = createServer((message, target) => {
    const trust = proxyaddr.compile(message.url === '/nobody' ? [] : ['127.0.0.1', TRUSTED]);
    try {
      target.end(namedUrl(message, trust).href);
    } catch (error) {
      target.writeHead(400).end(String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

/** What the server says that it was called. */
async function named(headers: Record<string, string>, path = '/uapi'): Promise<string> {
  const { port } = server.address() as AddressInfo; // listening on TCP
  const asked = get({ port, path, headers: { host: 'inner:8080', ...headers } });
  const [answer] = await once(asked, 'response');
  return (await Array.fromAsync(answer as AsyncIterable<Buffer>)).join('');
}

test.each([
  ['says nothing', {}, 'http://inner:8080/uapi'],
  ['has taken off the TLS', { 'x-forwarded-proto': 'https' }, 'https://inner:8080/uapi'],
  ['has another name', { 'x-forwarded-host': 'pbx.example' }, 'http://pbx.example/uapi'],
  [
    'has both, and a port',
    { 'x-forwarded-proto': 'HTTPS', 'x-forwarded-host': 'pbx.example:8443' },
    'https://pbx.example:8443/uapi',
  ],
  ['speaks of something else', { 'x-forwarded-proto': 'javascript' }, 'http://inner:8080/uapi'],
  [
    'has added to what the client made up',
    { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.example, pbx.example' },
    'https://pbx.example/uapi',
  ],
  [
    'has heard it of another trusted one',
    {
      'x-forwarded-for': `198.51.100.1, ${TRUSTED}`,
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': 'pbx.example, middle.example',
    },
    'https://pbx.example/uapi',
  ],
])('the URL of a request is as its client names it, when the proxy %s', async (_, headers, url) => {
  expect(await named(headers)).toBe(url);
});

test('what anybody else says of the URL is not believed', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };

  const url = await named(headers, '/nobody');

  expect(url).toBe('http://inner:8080/nobody');
});

test('a host that is none is refused, whoever says it', async () => {
  const url = await named({ 'x-forwarded-host': 'pbx.example/uapi' });

  expect(url).toMatch(/malformed/);
});

test.each(['GET /uapi HTTP/1.0\r\n\r\n', 'GET /uapi HTTP/1.1\r\nHost:\r\n\r\n'])(
  'without a name for it, the server is this machine at its port: %j',
  async (request) => {
    const { port } = server.address() as AddressInfo; // listening on TCP

    const { body } = await sendRaw(port, Buffer.from(request));

    expect(body).toBe(`http://localhost:${port}/uapi`);
  },
);

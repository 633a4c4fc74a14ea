import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGuardedRequest } from '../../src/webhooks/guarded-request.ts';

const NEVER = new AbortController().signal;

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

/** A server of the machine itself, which does with a connection what it is told; counts them. */
async function listen(
  onSocket: (socket: Socket) => void = (socket) => socket.end(),
  host = '127.0.0.1',
) {
  const sockets = new Set<Socket>();
  const seen = { port: 0, connections: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  seen.port = (server.address() as AddressInfo).port; // it listens on TCP
  stack.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return seen;
}

/** Name servers that say so, one answer after the other. */
const saying = (...answers: readonly (readonly string[])[]): LookupFunction => {
  const left = [...answers];
  return (_, { all }, done) => {
    const addresses = (left.length > 1 ? left.shift() : left[0]) ?? [];
    const found = addresses.map(
      (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
    );
    if (all) done(null, found);
    else done(null, found[0]?.address ?? '', found[0]?.family);
  };
};

const get = (url: string, options: Partial<Parameters<typeof createGuardedRequest>[0]> = {}) =>
  createGuardedRequest({ allowPrivate: false, timeoutMs: 1500, ...options })(
    { url: new URL(url), method: 'GET', headers: {}, body: '' },
    NEVER,
  );

const PRIVATE = { status: null, error: 'PRIVATE_ADDRESS' };

test.each([
  ...['127.0.0.1', '127.1', '0x7f000001', '2130706433', '0.0.0.0', '[::1]', '[::]'],
  ...['[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]'],
  ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '169.254.169.254', '198.18.0.1'],
  ...[
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fec0::1]',
    '[ff02::1]',
    '224.0.0.1',
    '255.255.255.255',
    '[::7f00:1]',
  ],
  ...['localhost', 'LOCALHOST.', 'hook.localhost'],
])('%s is not asked', async (host) => {
  const { port } = await listen();

  const result = await get(`http://${host}:${port}/`);

  expect(result).toMatchObject(PRIVATE);
});

test.each([
  [['127.0.0.1']],
  [['::1']],
  [['169.254.169.254']],
  [['::ffff:127.0.0.1']],
  [['8.8.8.8', '127.0.0.1']],
  [['::7f00:1']],
  [['8.8.8.8', '192.31.196.1']],
])('a name that leads to %s is not asked, by http and by https', async (addresses) => {
  const canary = await listen();
  const lookup = saying(addresses);

  const results = [
    await get(`http://hook.example:${canary.port}/`, { lookup }),
    await get(`https://hook.example:${canary.port}/`, { lookup }),
  ];

  expect(results).toMatchObject([PRIVATE, PRIVATE]);
  expect(canary.connections).toBe(0);
});

test('a name is looked up and judged anew for each request', async () => {
  const canary = await listen();
  const asked: string[] = [];
  const answers = saying(['192.0.2.1'], ['127.0.0.1']);
  const lookup: LookupFunction = (name, options, done) => {
    asked.push(name);
    answers(name, options, done);
  };
  const send = createGuardedRequest({ allowPrivate: false, timeoutMs: 500, lookup });
  const request = { url: new URL(`http://hook.example:${canary.port}/`), method: 'GET' as const };

  const results = [
    await send({ ...request, headers: {}, body: '' }, NEVER),
    await send({ ...request, headers: {}, body: '' }, NEVER),
  ];

  expect(results).toMatchObject([PRIVATE, PRIVATE]);
  expect(asked).toEqual(['hook.example', 'hook.example']);
  expect(canary.connections).toBe(0);
});

test('a proxy of the environment is not asked', async () => {
  const proxy = await listen();
  const before = { ...process.env };
  Object.assign(process.env, {
    HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
    NODE_USE_ENV_PROXY: '1',
  });
  stack.defer(() => {
    process.env = before;
  });

  const result = await get('http://hook.example/', { lookup: saying(['127.0.0.1']) });

  expect(result).toMatchObject(PRIVATE);
  expect(proxy.connections).toBe(0);
});

test('private networks can be allowed', async () => {
  const { port } = await listen((socket) =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
  );

  const result = await get(`http://127.0.0.1:${port}/`, { allowPrivate: true });

  expect(result).toMatchObject({ status: 200, error: null });
});

test('a redirect is a failure, and is not followed', async () => {
  const target = await listen();
  const { port } = await listen((socket) =>
    socket.end(
      `HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:${target.port}/\r\ncontent-length: 0\r\n\r\n`,
    ),
  );

  const result = await get(`http://127.0.0.1:${port}/`, { allowPrivate: true });

  expect(result).toMatchObject({ status: 302, error: 'STATUS' });
  expect(target.connections).toBe(0);
});

test.each([
  ['seconds', '120', 120_000],
  ['a date', new Date(Date.now() + 60_500).toUTCString(), expect.closeTo(60_000, -4)],
  ['a date that is past', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ['something else', 'soon', null],
])('how long a receiver wants to be left alone may be %s', async (_, said, retryAfterMs) => {
  const { port } = await listen((socket) =>
    socket.end(
      `HTTP/1.1 503 Service Unavailable\r\nretry-after: ${said}\r\ncontent-length: 0\r\n\r\n`,
    ),
  );

  const result = await get(`http://127.0.0.1:${port}/`, { allowPrivate: true });

  expect(result).toEqual({ status: 503, error: 'STATUS', retryAfterMs });
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n';
/** What a receiver may do to hold somebody up, and what comes of it. */
const HOSTILE: Readonly<Record<string, [(socket: Socket) => void, object]>> = {
  'says nothing': [() => {}, { status: null, error: 'TIMEOUT' }],
  'never ends its headers': [
    (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'a: b\r\n'),
    { status: null, error: 'TIMEOUT' },
  ],
  'sends endless headers': [
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n', `a: ${'b'.repeat(4096)}\r\n`),
    { status: null, error: 'BAD_ANSWER' },
  ],
  'never ends its body': [(socket) => drip(socket, HEAD, 'x'), { status: 200, error: null }],
  'sends an endless body': [
    (socket) => flood(socket, HEAD, 'x'.repeat(16_384)),
    { status: 200, error: null },
  ],
  'hangs up': [(socket) => socket.destroy(), { status: null, error: 'CONNECTION' }],
  'speaks something else': [
    (socket) => socket.end('220 smtp ready\r\n'),
    { status: null, error: 'BAD_ANSWER' },
  ],
};

function drip(socket: Socket, head: string, drop: string) {
  socket.write(head);
  const timer = setInterval(() => socket.write(drop), 50);
  socket.on('close', () => clearInterval(timer));
}

function flood(socket: Socket, head: string, wave: string) {
  socket.write(head);
  const pour = () => {
    while (!socket.destroyed && socket.write(wave));
  };
  socket.on('drain', pour);
  pour();
}

test.each(Object.entries(HOSTILE))(
  'a receiver that %s is left in time',
  async (_, [onSocket, outcome]) => {
    const { port } = await listen(onSocket);
    const from = performance.now();

    const result = await get(`http://127.0.0.1:${port}/`, { allowPrivate: true, timeoutMs: 700 });

    expect(result).toMatchObject(outcome);
    expect(performance.now() - from).toBeLessThan(3000);
  },
);

test('a name that nobody knows is told as such', async () => {
  const lookup: LookupFunction = (_, __, done) =>
    done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), '', 0);

  const result = await get('http://hook.example/', { lookup });

  expect(result).toMatchObject({ status: null, error: 'NAME_NOT_FOUND' });
});

test('a name server that does not answer holds nothing up', async () => {
  const from = performance.now();

  const result = await get('http://hook.example/', { lookup: () => {}, timeoutMs: 300 });

  expect(result).toMatchObject({ status: null, error: 'TIMEOUT' });
  expect(performance.now() - from).toBeLessThan(2000);
});

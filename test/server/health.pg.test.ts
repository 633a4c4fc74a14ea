import { once } from 'node:events';
import { connect } from 'node:net';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openTandem } from '../../src/cli/services.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/observe/log.ts';
import { createHealth } from '../../src/server/health.ts';
import { openDatabase } from '../../src/store/database.ts';
import { ask } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { closeOf, follow } from '../support/follow.ts';
import { openLab } from '../support/lab.ts';
import { rawConnection } from '../support/raw.ts';
import { followBySse } from '../support/sse.ts';
import { startTandem } from '../support/tandem.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

/** Readiness over a way to the database that can be made to hang, and what was asked there. */
async function hangingScene() {
  await using stack = new AsyncDisposableStack();
  const direct = stack.use(await freshDatabase());
  const lab = stack.use(await openLab(direct));
  const url = new URL(direct.url);
  const way = stack.use(await openTcpProxy(Number(url.port)));
  url.port = `${way.port}`;
  const asked: string[] = [];
  const onStatement = (text: string) => asked.push(text);
  const database = stack.use(openDatabase({ url: url.href, connections: 2, onStatement }));
  const health = createHealth({ ...lab.as('admin'), database }, () => false);
  const held = stack.move();
  return {
    asked,
    hang: way.forget,
    ready: async () => (await health('/ready'))?.status,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const FOLLOW = 'subscription { callChanges { __typename } }';

test('a Tandem at work is alive and ready', async () => {
  await using tandem = await startTandem({ demo: true });

  const health = await fetch(`${tandem.url}/health`);
  const ready = await fetch(`${tandem.url}/ready`);

  expect([health.status, await health.json()]).toEqual([200, { status: 'alive' }]);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    status: 'ready',
    connectors: { demo: { link: 'UP' } },
  });
});

test('a switch that cannot be reached makes it alive and not ready, and not why', async () => {
  await using database = await freshDatabase();
  const CONNECTORS = 'lab=simulator:?faults=unreachable';
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, CONNECTORS });
  const log = createLogger('silent');
  await using tandem = await openTandem({ config, database, switches: config.CONNECTORS, log });
  const url = `http://127.0.0.1:${tandem.port}`;

  const health = await fetch(`${url}/health`);
  const ready = await fetch(`${url}/ready`);

  expect(health.status).toBe(200);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    ...{ status: 'unavailable', trouble: ['no link to lab'], detour: null },
    connectors: {
      lab: {
        kind: 'simulator',
        owner: expect.any(String),
        link: expect.any(String),
        since: expect.any(String),
      },
    },
  });
});

test('whoever asks whether a database that hangs is ready shares one question to it', async () => {
  await using scene = await hangingScene();
  await scene.ready();
  scene.hang();

  const late = await Promise.all([scene.ready(), scene.ready(), scene.ready()]);

  expect(late).toEqual([503, 503, 503]);
  expect(scene.asked).toEqual(['select 1', 'select 1']);
});

test('a question that never comes back is given up, and asked anew', async () => {
  await using scene = await hangingScene();
  await scene.ready();
  scene.hang();
  await scene.ready();

  const ready = await scene.ready();

  expect(ready).toBe(200);
});

test('a stop sends subscribers away one by one over the window, each told to come back', async () => {
  const tandem = await startTandem({ demo: true, settings: { DRAIN_MS: '1500' } });
  const sockets = Array.from({ length: 20 }, () => follow(tandem, FOLLOW));
  const events = followBySse(tandem, FOLLOW, {});
  await Promise.all([...sockets.map((socket) => socket.next()), events.next()]);

  const from = performance.now();
  const stopped = tandem[Symbol.asyncDispose]();
  const closes = await Promise.all(
    sockets.map(async (socket) => {
      const { code } = await socket.closed();
      return { code, at: performance.now() - from };
    }),
  );

  const times = closes.map(({ at }) => at);
  expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]));
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(500);
  expect(await events.ended()).toBe('CUT');
  await stopped;
  await expect(fetch(`${tandem.url}/health`)).rejects.toThrow();
});

test('while it stops, whoever is new learns that it is not ready, and nothing else', async () => {
  const tandem = await startTandem({ demo: true, settings: { DRAIN_MS: '60000' } });
  const socket = follow(tandem, FOLLOW);
  await socket.next();
  using open = await rawConnection(tandem.port, `GET / HTTP/1.1\r\nHost: a\r\n`);
  const stopped = tandem[Symbol.asyncDispose]();

  const ready = await fetch(`${tandem.url}/ready`, { headers: { connection: 'close' } });
  const query = await ask(tandem, '{ __typename }', { headers: { connection: 'close' } });
  const upgrade = await closeOf(tandem, {}).catch((error: Error) => error.message);
  open.socket.write('\r\n');

  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ trouble: ['this process is about to stop'] });
  expect([query.status, query.errors?.[0]?.message]).toEqual([
    503,
    'This process is about to stop.',
  ]);
  expect(upgrade).toContain('503');
  expect(await open.rest).toMatch(/^HTTP\/1\.1 200 .*\r\nConnection: close\r\n/s);
  await socket[Symbol.asyncDispose]();
  await stopped;
});

test('a client whose upgrade was refused, and that does not close, does not hold up a stop', async () => {
  const tandem = await startTandem({ demo: true });
  const client = connect({ port: tandem.port, host: '127.0.0.1', allowHalfOpen: true });
  client.write(
    'GET /elsewhere HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  client.resume();
  await once(client, 'end');
  const from = performance.now();

  await tandem[Symbol.asyncDispose]();

  expect(performance.now() - from).toBeLessThan(4000);
  client.destroy();
});

test('a fault of ours leaves as "Internal error" and tells nothing', async () => {
  await using tandem = await startTandem({ demo: true });
  await tandem.database.rows(sql`alter table phone_call_events rename to away`);
  await using stream = follow(tandem, '{ phoneCallEvents { nodes { id } } }');

  const byHttp = await ask(tandem, '{ phoneCallEvents { nodes { id } } viewer { username } }');
  const bySocket = await stream.errors();
  const legacy = await fetch(`${tandem.url}/uapi/extensions/@me/0003*210/phoneCallEvents`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer demo-alice-token' },
  });

  const fault = { message: 'Internal error', extensions: { code: 'INTERNAL' } };
  expect(byHttp.errors).toMatchObject([fault]);
  expect(bySocket).toMatchObject([fault]);
  const told = JSON.stringify([byHttp.errors, bySocket, await legacy.text()]);
  expect(told).not.toMatch(/phone_call_events|relation|select|node_modules|\.ts/i);
});

test('GraphiQL comes without anything from elsewhere', async () => {
  await using tandem = await startTandem({ demo: true });

  const page = await fetch(`${tandem.url}/graphql`, { headers: { accept: 'text/html' } });

  const html = await page.text();
  // What is inside of a script is code: it brings its own words that look like tags.
  const tags = html.replaceAll(/(<script\b[^>]*>)[\s\S]*?<\/script>/g, '$1');
  const links = tags.matchAll(/\b(?:src|href)\s*=\s*["']?([^"'\s>]+)|url\(["']?([^"')]+)/g);
  const elsewhere = [...links]
    .map(([, a, b]) => a ?? b ?? '')
    .filter((to) => /^(\w+:)?\/\//.test(to));
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(html).toContain('query LiveCalls');
  expect(elsewhere).toEqual([]);
});

test('the example that GraphiQL shows works with the token that it shows', async () => {
  await using tandem = await startTandem({ demo: true });
  const html = await (
    await fetch(`${tandem.url}/graphql`, { headers: { accept: 'text/html' } })
  ).text();
  const [, options = ''] = /querySelector\('#root'\),\s*(\{.*\})/.exec(html) ?? [];
  const { defaultQuery, headers } = JSON.parse(options) as {
    defaultQuery: string;
    headers: string;
  };

  const answer = await ask(tandem, defaultQuery, {
    as: null,
    headers: { ...JSON.parse(headers) },
    operationName: 'LiveCalls',
  });

  expect(answer.errors).toEqual([]);
  expect(answer.data).toMatchObject({ viewer: { username: 'alice' } });
});

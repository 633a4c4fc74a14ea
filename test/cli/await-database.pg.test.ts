import { expect, test } from 'vitest';
import { awaitDatabase } from '../../src/cli/await-database.ts';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

/** A database that is away, and how to wait for it. */
async function away() {
  await using stack = new AsyncDisposableStack();
  const fresh = stack.use(await freshDatabase());
  const url = new URL(fresh.url);
  const proxy = stack.use(await openTcpProxy(Number(url.port)));
  await proxy.cut();
  url.port = `${proxy.port}`;
  const database = stack.use(openDatabase({ url: url.href, connections: 1 }));
  const stop = new AbortController();
  const warned = Promise.withResolvers<object>();
  const log = { warn: (facts: object) => warned.resolve(facts) };
  const waiting = awaitDatabase(database, { log, signal: stop.signal });
  const held = stack.move();
  const dispose = () => held.disposeAsync();
  return { proxy, waiting, stop, warned: warned.promise, [Symbol.asyncDispose]: dispose };
}

test('a database that is away is waited for, and the log says so', async () => {
  await using waits = await away();
  const warned = await waits.warned;

  await waits.proxy.mend();

  await expect(waits.waiting).resolves.toBeUndefined();
  expect(warned).toEqual({ reason: expect.stringContaining('ECONNREFUSED') });
});

test('who is told to stop waits no longer', async () => {
  await using waits = await away();
  await waits.warned;

  waits.stop.abort();

  await expect(waits.waiting).rejects.toThrow('abort');
});

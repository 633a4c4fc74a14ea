import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createOutbox } from '../../../src/server/subscriptions/outbox.ts';
import { socketSinks } from '../../../src/server/subscriptions/sink.ts';
import { socketPair } from './socket-pair.ts';

/** Sinks of a connection whose client does not read until it is told to. */
async function stalledPair() {
  const pair = await socketPair();
  pair.client.pause();
  const sinkOf = socketSinks({ ...pair, outbox: createOutbox() });
  return { ...pair, sinkOf, sink: sinkOf('the "id"') };
}

const MOST_WAITING = 192 * 1024;
/** What is offered in one turn counts with three bytes for each character; the id's part does, too. */
const MOST_OFFERED = MOST_WAITING / 3;
const HEAD = '{"id":"the \\"id\\"","type":"next","payload":'.length;

const text = (number: number) => JSON.stringify({ number, padding: 'x'.repeat(10_000) });

/** Offers until there is no more room, and says how many were taken. */
function fill(offer: (text: string) => boolean, first = 0): number {
  let next = first;
  while (offer(text(next))) next += 1;
  return next - first;
}

/** The kernel takes some at any time, until it takes none. */
async function fillAll(offer: (text: string) => boolean): Promise<number> {
  let taken = 0;
  for (let now = fill(offer); now !== 0; now = fill(offer, taken)) {
    taken += now;
    await nextTurn();
  }
  return taken;
}

test('a reader that stands still holds 192 kB here, and no more', async () => {
  await using pair = await stalledPair();

  await fillAll(pair.sink.offer);
  const waiting = pair.connection.writableLength;

  // What would have found no room with three bytes for each of its characters.
  expect(waiting).toBeGreaterThan(MOST_WAITING - 3 * (HEAD + text(1000).length));
  expect(waiting).toBeLessThanOrEqual(MOST_WAITING);
});

test('what is offered within one turn is counted before it is sent', async () => {
  await using pair = await stalledPair();

  const taken = fill(pair.sink.offer);

  expect(taken).toBe(Math.floor(MOST_OFFERED / (HEAD + text(0).length)));
});

test('where nothing waits there is room for a text of any length, and then for no more', async () => {
  await using pair = await stalledPair();

  const taken = [300_000, 1].map((length) => pair.sink.offer(`"${'x'.repeat(length)}"`));

  expect(taken).toEqual([true, false]);
});

test('long ids count, and so do letters of three bytes', async () => {
  await using pair = await stalledPair();
  pair.connection.cork();
  const [long, short] = ['i'.repeat(60_000), 'j'].map(pair.sinkOf);
  const wide = `"${'漢'.repeat(500)}"`;

  fill(() => long?.offer(wide) ?? false);
  fill(() => short?.offer(wide) ?? false);
  await nextTurn();

  expect(pair.connection.writableLength).toBeGreaterThan(60_000);
  expect(pair.connection.writableLength).toBeLessThanOrEqual(MOST_WAITING);
});

test('nothing is written behind the frame that closes', async () => {
  await using pair = await socketPair();
  const sink = socketSinks({ ...pair, outbox: createOutbox() })('1');
  sink.offer('1');
  pair.socket.close();
  const write = vi.spyOn(pair.connection, 'write');

  await once(pair.client, 'close');

  expect(write).not.toHaveBeenCalled();
  expect(pair.got).toEqual([]);
});

test('what one turn brings to a connection goes in one piece', async () => {
  await using pair = await socketPair();
  const sinkOf = socketSinks({ ...pair, outbox: createOutbox() });
  const write = vi.spyOn(pair.connection, 'write');

  for (const number of [1, 2, 3]) sinkOf(`${number}`).offer(`${number}`);
  while (pair.got.length < 3) await once(pair.client, 'message');

  expect(write).toHaveBeenCalledTimes(1);
  expect(pair.got).toEqual([1, 2, 3].map((n) => `{"id":"${n}","type":"next","payload":${n}}`));
});

test('what is written to a slow reader comes when it reads on, after all that came before', async () => {
  await using pair = await stalledPair();
  const taken = await fillAll(pair.sink.offer);
  let isWritten = false;
  const written = pair.sink.write(text(taken)).then(() => {
    isWritten = true;
  });
  const early = isWritten;

  pair.client.resume();
  await written;
  while (pair.got.length <= taken) await once(pair.client, 'message');

  expect(early).toBe(false);
  expect(pair.got).toEqual(
    Array.from(
      { length: taken + 1 },
      (_, number) => `{"id":"the \\"id\\"","type":"next","payload":${text(number)}}`,
    ),
  );
});

test('who waits for a reader that goes away waits no longer', async () => {
  await using pair = await stalledPair();
  await fillAll(pair.sink.offer);
  const written = pair.sink.write('{}');

  pair.client.terminate();

  await expect(written).resolves.toBeUndefined();
});

test('many operations of one connection hold together no more than one', async () => {
  await using pair = await stalledPair();
  const sinks = Array.from({ length: 50 }, (_, number) => pair.sinkOf(`${number}`));

  for (const { offer } of sinks) await fillAll(offer);
  for (const { offer } of sinks) fill(offer);

  expect(pair.connection.writableLength).toBeLessThanOrEqual(MOST_WAITING);
});

test('what many operations offer within one turn is counted together', async () => {
  await using pair = await stalledPair();
  const sinks = Array.from({ length: 50 }, (_, number) => pair.sinkOf(`${number}`));

  const taken = sinks.map(({ offer }) => fill(offer)).reduce((sum, more) => sum + more);

  expect(taken).toBe(Math.floor(MOST_OFFERED / (HEAD + text(0).length)));
});

test('of many that wait for a reader only one waits for room, and then the next', async () => {
  await using pair = await stalledPair();
  await fillAll(pair.sink.offer);
  const before = pair.connection.listenerCount('drain');
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const told: number[] = [];
  const writing = numbers.map(async (number) => {
    await pair.sinkOf(`${number}`).write(text(number));
    told.push(number);
  });
  await nextTurn();
  const waiting = pair.connection.listenerCount('drain');

  pair.client.resume();
  await Promise.all(writing);

  expect(waiting - before).toBe(1);
  expect(told).toEqual(numbers);
  expect(pair.connection.writableLength).toBeLessThanOrEqual(MOST_WAITING);
});

test('ids may have letters of any length', async () => {
  await using pair = await socketPair();
  const sink = socketSinks({ ...pair, outbox: createOutbox() })('ä漢😀\ud800');

  sink.offer('1');
  await once(pair.client, 'message');

  expect(pair.got).toEqual(['{"id":"ä漢😀\\ud800","type":"next","payload":1}']);
});

import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { writeFrames } from '../../../src/server/subscriptions/frame.ts';
import { socketPair } from './socket-pair.ts';

type Pair = Awaited<ReturnType<typeof socketPair>>;

const headOf = (id: string) => Buffer.from(`{"id":"${id}","payload":`);

/** A text of so many bytes when all around it is counted in. */
const textOfWhole = (bytes: number) => `"${'x'.repeat(bytes - '{"id":"a","payload":""}'.length)}"`;

async function received({ client, got }: Pair, messages: number) {
  while (got.length < messages) await once(client, 'message');
}

test.each([125, 126, 127, 65_535, 65_536, 200_000])(
  'a message of %i bytes is one frame that a client reads',
  async (bytes) => {
    await using pair = await socketPair();
    const text = textOfWhole(bytes);

    writeFrames(pair.connection, [{ head: headOf('a'), text }]);
    await received(pair, 1);

    expect(pair.got).toEqual([`{"id":"a","payload":${text}}`]);
    expect(Buffer.byteLength(`${pair.got}`)).toBe(bytes);
  },
);

test('a text that goes to many comes with the id of each, however long', async () => {
  await using pair = await socketPair();
  const ids = ['a', 'bcd', 'é'.repeat(50), 'f'.repeat(300), '', 'g'];

  for (const id of ids) {
    writeFrames(pair.connection, [{ head: headOf(id), text: '{"sign":"€😀"}' }]);
  }
  await received(pair, ids.length);

  expect(pair.got).toEqual(ids.map((id) => `{"id":"${id}","payload":{"sign":"€😀"}}`));
});

test('what fills more than one desk comes whole and in order, whatever else was told before', async () => {
  await using pair = await socketPair();
  const lengths = [30, 9000, 30, 9000, 40_000, 30, 16_300, 16_400, 1, 8000];
  const frames = lengths.map((length, index) => ({
    head: headOf(`${index}`),
    text: `"${'é'.repeat(length / 2)}"`,
  }));

  for (const few of [frames.slice(0, 2), frames, frames.slice(0, 2)]) {
    writeFrames(pair.connection, few);
  }
  await received(pair, 14);

  const whole = frames.map(({ text }, index) => `{"id":"${index}","payload":${text}}`);
  expect(pair.got).toEqual([...whole.slice(0, 2), ...whole, ...whole.slice(0, 2)]);
});

test('readers of the same texts get them with their own ids', async () => {
  await using one = await socketPair();
  await using other = await socketPair();
  const texts = ['"first"', '"second"'];

  writeFrames(
    one.connection,
    texts.map((text, index) => ({ head: headOf(`one ${index}`), text })),
  );
  writeFrames(
    other.connection,
    [...texts, '"third"'].map((text, index) => ({ head: headOf(`two ${index}`), text })),
  );
  await Promise.all([received(one, 2), received(other, 3)]);

  expect(one.got).toEqual([
    '{"id":"one 0","payload":"first"}',
    '{"id":"one 1","payload":"second"}',
  ]);
  expect(other.got).toEqual([
    '{"id":"two 0","payload":"first"}',
    '{"id":"two 1","payload":"second"}',
    '{"id":"two 2","payload":"third"}',
  ]);
});

test('what a connection holds back keeps its own id while others get the same text', async () => {
  await using held = await socketPair();
  await using quick = await socketPair();
  held.connection.cork();

  writeFrames(held.connection, [{ head: headOf('a'), text: '1' }]);
  writeFrames(quick.connection, [{ head: headOf('b'), text: '1' }]);
  held.connection.uncork();
  await Promise.all([received(held, 1), received(quick, 1)]);

  expect(held.got).toEqual(['{"id":"a","payload":1}']);
  expect(quick.got).toEqual(['{"id":"b","payload":1}']);
});

test.each([
  ['small', 100],
  ['large', 50_000],
])('a %s text that goes to many is in memory once', async (_, length) => {
  await using one = await socketPair();
  await using other = await socketPair();
  const text = `"${'x'.repeat(length)}"`;
  const writes = [one, other].map(({ connection }) => vi.spyOn(connection, 'write'));

  writeFrames(one.connection, [{ head: headOf('a'), text }]);
  writeFrames(other.connection, [{ head: headOf('b'), text }]);

  const [first, second] = writes.map(({ mock }) => mock.lastCall?.[0] as unknown as Buffer);
  expect(first?.buffer).toBe(second?.buffer);
});

test('small messages that wait hold no memory but their own', async () => {
  await using pair = await socketPair();
  pair.connection.cork();
  const write = vi.spyOn(pair.connection, 'write');

  writeFrames(pair.connection, [{ head: headOf('a'), text: '1' }]);
  writeFrames(pair.connection, [{ head: headOf('a'), text: '2' }]);

  const waiting = write.mock.lastCall?.[0] as unknown as Buffer;
  expect(waiting.buffer.byteLength).toBe(waiting.length);
});

test('what a slow reader has not taken is not written over for others', async () => {
  await using slow = await socketPair();
  await using quick = await socketPair();
  slow.client.pause();
  const texts: string[] = [];
  const tell = () => {
    const text = `"${`${texts.length} `.repeat(1000)}"`;
    texts.push(text);
    for (const { connection } of [slow, quick])
      writeFrames(connection, [{ head: headOf('a'), text }]);
  };

  // The kernel takes some at any time, until it takes none.
  for (let more = 8; more > 0; more -= 1) {
    for (; slow.connection.writableLength === 0; more = 8) tell();
    tell();
    await received(quick, texts.length);
    await nextTurn();
  }
  slow.client.resume();
  await received(slow, texts.length);

  const whole = texts.map((text) => `{"id":"a","payload":${text}}`);
  expect(quick.got).toEqual(whole);
  expect(slow.got).toEqual(whole);
});

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openEvapi } from '../../src/connectors/kamailio/evapi.ts';
import { kamailioFromUrl } from '../../src/connectors/kamailio/kamailio.ts';
import { netstring } from '../../src/connectors/kamailio/netstrings.ts';
import { freePort } from '../support/cluster.ts';

const stack: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of stack.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A connection to something that says what the test wants. */
async function connected() {
  const server = createServer().listen(0, '127.0.0.1');
  stack.push(server);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const accepted = once(server, 'connection');
  const told: unknown[] = [];
  const evapi = await openEvapi({ host: '127.0.0.1', port }, (message) => told.push(message));
  stack.push(evapi);
  const [far] = (await accepted) as [Socket];
  return { evapi, far, told };
}

const answer = (re: string, body: unknown) =>
  netstring(JSON.stringify({ re, epoch: 'one', code: 200, body }));

test('nobody there is LINK_DOWN', async () => {
  const port = await freePort();

  const evapi = openEvapi({ host: '127.0.0.1', port }, () => {});

  await expect(evapi).rejects.toMatchObject({ code: 'LINK_DOWN' });
});

test('somebody who never answers is left, and no connection with it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  stack.push(server);
  await once(server, 'listening');
  const url = new URL(`kamailio://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const accepted = once(server, 'connection');

  const link = kamailioFromUrl(url).connect({ call: () => {}, pressed: () => {} });

  const [far] = (await accepted) as [Socket];
  await expect(link).rejects.toMatchObject({ code: 'TIMEOUT' });
  await once(far.resume(), 'close');
});

test('questions are asked one after the other, and events come between', async () => {
  const { evapi, far, told } = await connected();
  const questions = [evapi.ask({ op: 'a' }), evapi.ask({ op: 'b' })];
  const [first] = (await once(far, 'data')) as [Buffer];
  far.write(Buffer.concat([netstring('{"ev":"x"}'), answer('1', 'A')]));
  far.on('data', (chunk: Buffer) => chunk.includes('"2"') && far.write(answer('2', 'B')));

  const answers = await Promise.all(questions);

  expect(first.toString()).toBe('19:{"id":"1","op":"a"},');
  expect(answers.map(({ body }) => body)).toEqual(['A', 'B']);
  expect(told).toEqual([{ ev: 'x' }]);
});

test('when the link goes, what was asked is unknown and the rest was not done', async () => {
  const { evapi, far } = await connected();
  const questions = [evapi.ask({ op: 'a' }), evapi.ask({ op: 'b' })];
  await once(far, 'data');

  far.destroy();

  const outcomes = await Promise.allSettled(questions);
  expect(outcomes).toMatchObject([
    { reason: { code: 'TIMEOUT' } },
    { reason: { code: 'LINK_DOWN' } },
  ]);
  await expect(evapi.ask({})).rejects.toMatchObject({ code: 'LINK_DOWN' });
});

test.each([
  ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['no JSON', '3:{a},'],
  ['an answer without a question', answer('7', null)],
  ['an answer that is none', netstring('{"re":"1"}')],
  ['a frame that is too long', '99999999:'],
])('%s ends the link', async (_, said) => {
  const { evapi, far } = await connected();

  far.write(said);

  expect(await evapi.closed).toMatch(/^Kamailio is not understood: /);
});

test("what does not fit Kamailio's buffer is not sent", async () => {
  const { evapi } = await connected();

  const long = evapi.ask({ value: 'x'.repeat(32_000) });

  await expect(long).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

import type { IncomingMessage } from 'node:http';
import { buildSchema, type ExecutionResult, parse } from 'graphql';
import { expect, test } from 'vitest';
import { SCOPES } from '../../../src/model/account.ts';
import { GatewayError } from '../../../src/model/errors.ts';
import type { Context } from '../../../src/operations/context.ts';
import { createLane } from '../../../src/server/lane/lane.ts';

const KNOWN = '{ name }';
const schema = buildSchema('type Query { name: String }');
const origin = {
  ...{ dialect: 'graphql', peer: '127.0.0.1', requestId: 'r' },
  signal: new AbortController().signal,
};
const context = { principal: { scopes: SCOPES } } as unknown as Context; // what is executed looks at nothing else

interface Situation {
  readonly result?: ExecutionResult;
  readonly refused?: boolean;
  readonly affordable?: boolean;
}

/** A lane that knows one document, and counts what it has done. */
function laneIn({ result = { data: { name: 'x' } }, refused, affordable = true }: Situation) {
  const done = { opened: 0, executed: 0 };
  const open = async () => {
    done.opened += 1;
    if (refused) throw new GatewayError('UNAUTHENTICATED');
    return context;
  };
  const document = parse(KNOWN);
  const lane = createLane({
    ...{ schema, corsOrigins: ['*'], contexts: { open, again: open } },
    run: async () => {
      done.executed += 1;
      return result;
    },
    known: { get: (text) => (text === KNOWN ? document : undefined), plugin: {} },
    textOf: ({ query }) => query ?? null,
    isAffordable: () => affordable,
  });
  const ask = (query: string, contentType = 'application/json') => {
    const headersDistinct = { 'content-type': [contentType], authorization: ['Bearer t'] };
    const message = { method: 'POST', headersDistinct } as unknown as IncomingMessage; // the lane reads no more
    const body = Buffer.from(JSON.stringify({ query }));
    return lane(message, { url: new URL('http://a/graphql'), body }, origin);
  };
  return { ask, done };
}

test('a known document is answered at once', async () => {
  const { ask, done } = laneIn({});

  const { whole } = await ask(KNOWN);

  expect(whole?.body).toBe('{"data":{"name":"x"}}');
  expect(whole?.headers).toEqual({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': '21',
  });
  expect(done).toEqual({ opened: 1, executed: 1 });
});

test.each([
  ['a document that is not known', '{ other: name }', 'application/json'],
  ['what is no JSON', KNOWN, 'text/plain'],
])('%s goes on with nothing done', async (_, query, contentType) => {
  const { ask, done } = laneIn({});

  const passed = await ask(query, contentType);

  expect(passed).toEqual({});
  expect(done).toEqual({ opened: 0, executed: 0 });
});

test('whoever is refused is refused again without another look', async () => {
  const { ask, done } = laneIn({ refused: true });
  const { whole, begun } = await ask(KNOWN);

  const again = begun?.open();

  await expect(again).rejects.toThrow(GatewayError);
  expect(whole).toBeUndefined();
  expect(done).toEqual({ opened: 1, executed: 0 });
});

test('what costs too much goes on without having been executed', async () => {
  const { ask, done } = laneIn({ affordable: false });

  const { whole, begun } = await ask(KNOWN);

  expect(whole).toBeUndefined();
  expect(begun?.executed).toBeUndefined();
  expect(done).toEqual({ opened: 1, executed: 0 });
});

test('a result with an error goes on, and is not executed again', async () => {
  const result = { data: { name: null }, errors: [] };
  const { ask, done } = laneIn({ result });
  const { whole, begun } = await ask(KNOWN);

  const executed = await begun?.executed?.();

  expect(executed).toBe(result);
  expect(whole).toBeUndefined();
  expect(done).toEqual({ opened: 1, executed: 1 });
});

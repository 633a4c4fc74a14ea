import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { bearer } from '../support/ask.ts';
import { socketUrl } from '../support/follow.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

let asked = 0;

/** A document that nobody has sent before: those that are known go a shorter way. */
const freshQuery = () => `mutation Fresh${++asked}($userData: JSON!) { attachUserData(input: {
  identifier: { scheme: GENESYS, value: "01RCC3N118B1V0SL807GK2LAES00000R" }, userData: $userData
}) { call { userData } } }`;

const KNOWN = freshQuery();

/** A body in which a number stands as it is written. */
const bodyWith = (query: string, number: string) =>
  JSON.stringify({ query, variables: { userData: { number: '?' } } }).replace('"?"', number);

const ask = async (accept: string, query: string, number: string) => {
  const headers = { 'content-type': 'application/json', accept, ...bearer('alice') };
  const response = await fetch(`${tandem.url}/graphql`, {
    ...{ method: 'POST', headers, body: bodyWith(query, number) },
  });
  return response.text();
};

const byPost = (accept: string) => (number: string) => ask(accept, freshQuery(), number);

async function byShortWay(number: string) {
  await ask('application/json', KNOWN, '1');
  return ask('application/json', KNOWN, number);
}

async function bySocket(number: string) {
  const client = createClient({
    url: socketUrl(tandem),
    webSocketImpl: WebSocket,
    connectionParams: bearer('alice'),
    jsonMessageReplacer: (_, value) => (value === '?' ? rawJson(number) : value),
  });
  const results = client.iterate({ query: freshQuery(), variables: { userData: { number: '?' } } });
  const { value } = await results.next();
  await client.dispose();
  return JSON.stringify(value);
}

/** A number as it is written; Node has it, and the types do not. */
const rawJson = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

describe.each([
  ['POST of what is known', byShortWay],
  ['POST of a new document', byPost('application/json')],
  [
    'POST of what Yoga alone takes',
    byPost('application/json;q=0.5, application/graphql-response+json;q=0.7'),
  ],
  ['WebSocket', bySocket],
])('by %s', (_way, send) => {
  test.each([
    ['9007199254740992', '9007199254740992'],
    ['1e21', '1e+21'],
  ])('%s is kept in user data', async (number, kept) => {
    const answer = await send(number);

    expect(answer).toContain(`"number":${kept}`);
  });

  test.each(['9007199254740993', '90071992547409936', '1e400'])('%s is refused', async (number) => {
    const answer = await send(number);

    expect(answer).toContain('send it as text');
    expect(answer).toContain('BAD_INPUT');
  });
});

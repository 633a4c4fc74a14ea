import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf } from '../support/ask.ts';
import { follow } from '../support/follow.ts';
import { pressKeys } from '../support/press.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const PLACE = `mutation { placeCall(input: { extension: "210", to: "+40722000111" }) { call { id } } }`;
const FOLLOW = `subscription ($id: ID!) {
  callChanges(filter: { kinds: [DTMF], callIds: [$id] }) {
    __typename
    ... on CallChanged { kind call { id } dtmf { digits pressedAt participant { role extension { number } } } }
  }
}`;

let tandem: TestTandem;

beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

test('who asks for what is pressed alone is told of it, and of the phone on which it was', async () => {
  const { placeCall } = await dataOf<{ placeCall: { call: { id: string } } }>(tandem, PLACE);
  const { id } = placeCall.call;
  await using stream = follow(tandem, FOLLOW, { variables: { id } });
  const next = async () => (await stream.next())['callChanges'] as { __typename: string };
  for (let first = await next(); first.__typename !== 'FeedBookmark'; ) first = await next();

  await pressKeys(tandem.database, id, '12', '#');

  const common = { __typename: 'CallChanged', kind: 'DTMF', call: { id } };
  const participant = { role: 'CALLER', extension: { number: '0003*210' } };
  const pressed = { participant, pressedAt: expect.any(String) };
  expect(await next()).toEqual({ ...common, dtmf: { ...pressed, digits: '12' } });
  expect(await next()).toEqual({ ...common, dtmf: { ...pressed, digits: '#' } });
});

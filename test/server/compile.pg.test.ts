import { expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { startTandem } from '../support/tandem.ts';

test('what one operation of a document leaves out another one gives', async () => {
  await using tandem = await startTandem({ demo: true });
  const query = `query A($with: Boolean!) { calls(first: 1) { nodes { ...F @include(if: $with) } } }
    query B { calls(first: 1) { nodes { ...F } } } fragment F on Call { id state }`;
  await ask(tandem, query, { operationName: 'A', variables: { with: false } });

  const { data } = await ask(tandem, query, { operationName: 'B' });

  expect(data).toEqual({
    calls: { nodes: [{ id: expect.any(String), state: expect.any(String) }] },
  });
});

test('a fragment that is included in one place and not in another is where it should be', async () => {
  await using tandem = await startTandem({ demo: true });
  const query = `query ($a: Boolean!, $b: Boolean!) { x: viewer { ...V @include(if: $a) } y: viewer { ...V @include(if: $b) } }
    fragment V on Viewer { username }`;

  const { data } = await ask(tandem, query, { variables: { a: false, b: true } });

  expect(data).toEqual({ x: {}, y: { username: 'alice' } });
});

test('variables inside of literals are what GraphQL says', async () => {
  await using tandem = await startTandem({ demo: true });
  const calls = await ask<{ calls: { nodes: { id: string }[] } }>(
    tandem,
    '{ calls(first: 1, filter: { states: [CONNECTED, HELD, RINGING] }) { nodes { id } } }',
  );
  const callId = calls.data?.calls.nodes[0]?.id;
  const query = `mutation ($id: ID!, $name: String!) {
    attachUserData(input: { callId: $id, userData: { name: $name } }) { call { userData } } }`;

  const { data, errors } = await ask(tandem, query, { variables: { id: callId, name: 'Anna' } });

  expect(errors).toEqual([]);
  expect(data).toMatchObject({ attachUserData: { call: { userData: { name: 'Anna' } } } });
});

test('a non-null variable with a default need not be given', async () => {
  await using tandem = await startTandem({ demo: true });

  const { errors, data } = await ask(
    tandem,
    'query ($n: Int! = 1) { calls(first: $n) { nodes { state } } }',
  );

  expect(errors).toEqual([]);
  expect(data).toEqual({ calls: { nodes: [{ state: expect.any(String) }] } });
});

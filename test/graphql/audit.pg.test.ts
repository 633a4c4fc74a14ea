import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, dataOf } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const NAME = { scheme: 'NATIVE', value: 'TRS26140192' };
const DELETE = `mutation ($input: DeleteCallInput!) { deleteCall(input: $input) { callId } }`;
const READ = `query ($filter: AuditFilter, $first: Int, $after: String) {
  auditEntries(filter: $filter, first: $first, after: $after) {
    nodes { id organizationId userId dialect operation subjects result requestId sequence previousHash hash occurredAt }
    pageInfo { hasNextPage endCursor } } }`;

interface Read {
  readonly auditEntries: {
    readonly nodes: readonly Readonly<Record<string, unknown>>[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

let tandem: TestTandem;
let callId: string;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
  const deletion = { variables: { input: { selector: { identifier: NAME } } } };
  const first = await dataOf<{ deleteCall: { callId: string } }>(tandem, DELETE, deletion);
  callId = first.deleteCall.callId;
  await ask(tandem, DELETE, deletion);
});
afterAll(() => tandem[Symbol.asyncDispose]());

const read = async (as: 'admin' | 'olivia', variables: object = {}) =>
  (await dataOf<Read>(tandem, READ, { as, variables: { ...variables } })).auditEntries;

test.each(['admin', 'olivia'] as const)(
  '%s reads who deleted what, and who was refused',
  async (as) => {
    const { nodes } = await read(as);

    const done = { operation: 'deleteCall', dialect: 'graphql' };
    const [refused, deleted] = nodes;
    expect(refused).toMatchObject({ ...done, result: 'CALL_NOT_FOUND', subjects: [], sequence: 2 });
    expect(deleted).toMatchObject({ ...done, result: 'OK', subjects: [callId], sequence: 1 });
    expect(refused?.['previousHash']).toBe(deleted?.['hash']);
  },
);

test('pages and filters hold', async () => {
  const first = await read('admin', { first: 1 });
  const second = await read('admin', { first: 1, after: first.pageInfo.endCursor });
  const ofCall = await read('admin', { filter: { subject: callId } });
  const ofOther = await read('admin', { filter: { operation: 'holdCall' } });

  const places = [first, second, ofCall, ofOther].map(({ nodes }) =>
    nodes.map(({ sequence }) => sequence),
  );
  expect(places).toEqual([[2], [1], [1], []]);
  expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
});

test('a user is forbidden to read it', async () => {
  const answer = await ask(tandem, READ);

  expect(answer.code).toBe('FORBIDDEN');
});

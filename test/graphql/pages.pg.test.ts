import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, dataOf } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

interface Page {
  readonly extensions: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly number: string }[];
    readonly edges: readonly { readonly cursor: string }[];
    readonly pageInfo: Readonly<Record<string, unknown>>;
  };
}

const NUMBERS = [
  '0003*210',
  '0003*211',
  '0003*260',
  '0003*270',
  '0003*290',
  '15000',
  '15001',
  '8856',
];

/** A page of all of acme's extensions. */
const page = async (args: string) => {
  const fields =
    'totalCount nodes { number } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
  const query = `{ extensions${args} { ${fields} } }`;
  const { extensions } = await dataOf<Page>(tandem, query, { as: 'olivia' });
  const numbers = extensions.nodes.map(({ number }) => number);
  return { ...extensions, numbers, cursors: extensions.edges.map(({ cursor }) => cursor) };
};

test('first and after walk to the end', async () => {
  const start = await page('(first: 4)');

  const rest = await page(`(first: 4, after: "${start.pageInfo['endCursor']}")`);

  expect([...start.numbers, ...rest.numbers].sort()).toEqual(NUMBERS);
  expect(start.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect([start.totalCount, rest.totalCount]).toEqual([8, 8]);
});

test('last and before walk back to the start, each page in the list’s own order', async () => {
  const all = await page('');
  const end = await page('(last: 4)');

  const rest = await page(`(last: 4, before: "${end.pageInfo['startCursor']}")`);

  expect([...rest.numbers, ...end.numbers]).toEqual(all.numbers);
  expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(rest.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
});

test('a page between two cursors has what lies between them', async () => {
  const all = await page('');

  const between = await page(`(after: "${all.cursors[0]}", before: "${all.cursors[4]}")`);

  expect(between.numbers).toEqual(all.numbers.slice(1, 4));
});

test('an empty page has no cursors', async () => {
  const none = await page('(first: 0)');

  expect(none).toMatchObject({
    totalCount: 8,
    nodes: [],
    pageInfo: { hasNextPage: true, startCursor: null, endCursor: null },
  });
});

test.each([
  '(first: 1, last: 1)',
  '(first: -1)',
  '(first: 5001)',
  '(after: "nonsense")',
  '(before: "WyIyMDI2LTAxLTAxVDAwOjAwOjAwLjAwMFoiXQ")',
])('a page %s is refused', async (args) => {
  const { data, code } = await ask(tandem, `{ calls${args} { nodes { id } } }`);

  expect(data?.['calls']).toBeUndefined();
  expect(['BAD_INPUT', 'QUERY_TOO_COMPLEX']).toContain(code);
});

test.each(['anyName', 'anyNumber'])(
  'a filter by more than fifty of %s is refused',
  async (list) => {
    const query = `query ($filter: CallFilter) { calls(filter: $filter) { nodes { id } } }`;
    const filterOf = (count: number) => ({ filter: { [list]: Array(count).fill('x') } });

    const answers = [
      await ask(tandem, query, { variables: filterOf(50) }),
      await ask(tandem, query, { variables: filterOf(51) }),
    ];

    expect(answers.map(({ code }) => code)).toEqual([undefined, 'BAD_INPUT']);
  },
);

test('node finds each type by the id that answers give', async () => {
  const { extension, call } = await dataOf<{
    extension: Record<string, { id: string }>;
    call: { id: string };
  }>(
    tandem,
    `{ extension(number: "0003*210") { id owner { id } phoneCallEvents(first: 1) { nodes { id } } }
       call(identifier: { scheme: VERBA, value: "a8343631-9f35-4a3a-83f0-9e81592339fb" }) { id } }`,
  );
  const ids = [extension['id'], extension['owner']?.id, call.id, 'NqeyDRqo4FtabmFj8gNWq3hsiGNYyq'];
  const nodes = ids.map((id, index) => `n${index}: node(id: "${id}") { __typename id }`);

  const found = await dataOf<Record<string, { __typename: string; id: string }>>(
    tandem,
    `{ ${nodes.join(' ')} }`,
  );

  expect(Object.values(found).map((node) => node.id)).toEqual(ids);
  expect(Object.values(found).map((node) => node.__typename)).toEqual([
    'Extension',
    'User',
    'Call',
    'PhoneCallEvent',
  ]);
});

test('capabilities go with the state of the call', async () => {
  const capabilities = async (scheme: string, value: string) => {
    const query = `{ call(identifier: { scheme: ${scheme}, value: "${value}" }) { capabilities } }`;
    return (await dataOf<{ call: { capabilities: string[] } }>(tandem, query)).call.capabilities;
  };

  const [connected, dialing, ended] = await Promise.all([
    capabilities('VOIPNOW', '7d280cc4feae3255a497'),
    capabilities('GENESYS', '01RCC3N118B1V0SL807GK2LAES00000R'),
    capabilities('NATIVE', 'TRS26140192'),
  ]);

  const data = [
    'ATTACH_USER_DATA',
    'UPDATE_USER_DATA',
    'DELETE_USER_DATA',
    'DELETE_USER_DATA_PAIR',
  ];
  const talking = [
    'HANGUP',
    'LEAVE',
    'HOLD',
    'SEND_DTMF',
    'TRANSFER',
    'CONSULT',
    'CONFERENCE',
    'MONITOR',
    'WHISPER',
    'PARK',
  ];
  expect(connected).toEqual([...talking, 'START_RECORDING', ...data, 'DELETE']);
  expect(dialing).toEqual(['HANGUP', 'LEAVE', 'SEND_DTMF', ...data, 'DELETE']);
  expect(ended).toEqual([...data, 'DELETE']);
});

test('what is left out by a variable is neither read nor told', async () => {
  const query = `query ($with: Boolean!) { call(identifier: { scheme: NATIVE, value: "TRS26140192" }) {
    id userData @include(if: $with) participants @skip(if: $with) { number } } }`;

  const answers = [
    await dataOf(tandem, query, { variables: { with: false } }),
    await dataOf(tandem, query, { variables: { with: true } }),
  ];

  expect(answers).toMatchObject([
    { call: { participants: [{ number: '+40722000111' }, { number: '8856' }] } },
    { call: { userData: { crm: '42' } } },
  ]);
});

test('another’s extension in one’s own call does not open its lists', async () => {
  const query = `{ call(identifier: { scheme: GENESYS, value: "01RCC3N118B1V0SL807GK2LAES00000R" }) {
    participants { extension { number calls { totalCount nodes { id } } phoneCallEvents { totalCount } } } } }`;

  const { call } = await dataOf<{ call: { participants: { extension: unknown }[] } }>(
    tandem,
    query,
  );

  expect(call.participants[1]?.extension).toEqual({
    number: '15001',
    calls: { totalCount: 0, nodes: [] },
    phoneCallEvents: { totalCount: 0 },
  });
});

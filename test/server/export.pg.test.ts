import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { decodeExportPosition } from '../../src/model/export.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';
import { createExport } from '../../src/server/export.ts';
import type { Executor } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { readExport } from '../../src/store/queries/export.ts';
import { bearer } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { openLab } from '../support/lab.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true, settings: { RATE_LIMIT: '100000' } });
});
afterAll(() => tandem[Symbol.asyncDispose]());

type Record = Readonly<{ [key: string]: unknown; position: string; id: string }>;

const lay = async (count: number, on: Executor = tandem.database, organization = 'acme') => {
  const rows = await on.rows<{ id: string }>(sql`
    with laid as (
      insert into calls (id, organization_id, state, direction, call_type, ani, offered_at, ended_at, user_data)
      select gen_random_uuid(), o.id, 'ENDED', 'INBOUND', 'INBOUND', '1' || n, now(), now(), '{"a":"x,\\"y\\"\\n"}'
      from organizations o, generate_series(1, ${count}::int) n
      where ${organization} in (key, o.id::text) returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, name, state, offered_at)
    select id, '00', organization_id, 'CALLER', ani, 'Zoë', state, offered_at from laid returning call_id as id`);
  return rows.map(({ id }) => id);
};

const fetched = (path: string, as = 'olivia', method = 'GET') =>
  fetch(`${tandem.url}/export/calls.${path}`, { method, headers: bearer(as) });
const read = async (after = '', as = 'olivia', organizationId = ''): Promise<Record[]> => {
  const given = Object.entries({ after, organizationId }).filter(([, value]) => value !== '');
  const path = `ndjson?${new URLSearchParams(given)}`;
  const text = await (await fetched(path, as)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};
const positionOf = (records: readonly Record[]) => records.at(-1)?.position ?? '';

interface Entry {
  readonly operation: string;
  readonly userId: string | null;
  readonly subjects: readonly string[];
  readonly result: string;
}

/** What the audit log has of an organization's exports. */
const exportsIn = (on: Executor, organizationId: string) =>
  on.rows<Entry>(sql`
    select operation, user_id as "userId", subjects, result from audit_entries
    where organization_id = ${organizationId}::uuid and operation like 'exportCalls%' order by id`);

test('every ended call comes once, resumed from any position', async () => {
  const before = positionOf(await read());
  const ids = await lay(1300);

  const all = await read(before);
  const midway = all[700]?.position;
  const rest = await read(midway);

  expect(all.map(({ id }) => id).sort()).toEqual(ids.sort());
  expect(rest).toEqual(all.slice(701));
  expect(all[0]).toMatchObject({
    direction: 'INBOUND',
    duration: 0,
    participants: [{ role: 'CALLER', name: 'Zoë' }],
    userData: { a: 'x,"y"\n' },
  });
});

test('what is committed late comes late, and what changes after its end comes again', async () => {
  const before = positionOf(await read());
  const [begun, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [organization] = await tandem.database.rows<{ id: string }>(
    sql`select id from organizations where key = 'acme'`,
  );
  const slow = tandem.database.transaction(async (tx) => {
    await tx.rows(sql`
      insert into calls (id, organization_id, state, direction, call_type, offered_at, ended_at)
      values (${uuid()}::uuid, ${organization?.id}::uuid, 'ENDED', 'INBOUND', 'INBOUND', now(), now())`);
    begun.resolve();
    await late.promise;
  });
  await begun.promise;
  const [quick] = await lay(1);
  const meanwhile = await read(before);
  late.resolve();
  await slow;

  const both = await read(before);

  expect(meanwhile).toEqual([]);
  expect(both.map(({ id }) => id)).toContain(quick);
  expect(both).toHaveLength(2);
  const mutation = `mutation { deleteUserData(input: { callId: "${quick}" }) { call { id } } }`;
  await fetch(`${tandem.url}/graphql`, {
    method: 'POST',
    headers: { ...bearer('olivia'), 'content-type': 'application/json' },
    body: JSON.stringify({ query: mutation }),
  });
  const again = await read(positionOf(both));
  expect(again).toMatchObject([{ id: quick, userData: null }]);
});

test('CSV has a header, quotes what needs it, and has JSON in fields', async () => {
  await lay(2);
  await tandem.database.rows(
    sql`insert into organizations (id, key, name) values (gen_random_uuid(), 'silent', 'Silent')`,
  );

  const answer = await fetched('csv');
  const empty = await fetched('csv?organizationId=silent', 'admin');

  const lines = (await answer.text()).split('\r\n');
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=UTF-8; header=present');
  expect(lines[0]).toMatch(
    /^position,id,connector,direction,.*,participants,identifiers,userData$/,
  );
  expect(lines.at(-1)).toBe('');
  expect(lines.at(-2)).toContain('""name"":""Zoë""');
  expect(await empty.text()).toBe(`${lines[0]}\r\n`);
});

test('CSV that goes on after a position has no header in its midst', async () => {
  await lay(2);
  const after = (await read()).at(-2)?.position;

  const rest = await fetched(`csv?after=${after}`);

  expect(rest.headers.get('content-type')).toContain('header=absent');
  expect((await rest.text()).trimEnd().split('\r\n')).toEqual([expect.stringMatching(/^[^,]+,/)]);
});

test('everybody gets what they see, and nothing of another organization', async () => {
  const [foreign] = await lay(1, tandem.database, 'globex');
  const globex = await tandem.database.rows<{ id: string }>(
    sql`select id from organizations where key = 'globex'`,
  );
  const named = `ndjson?organizationId=${globex[0]?.id}`;
  const byKey = await read('', 'admin', 'globex');

  const seen = await Promise.all(['olivia', 'alice', 'bob'].map((as) => read('', as)));
  const answers = await Promise.all(['olivia', 'alice', 'admin'].map((as) => fetched(named, as)));

  expect(seen.flat().some(({ id }) => id === foreign)).toBe(false);
  expect(seen[1]?.map(({ dnis }) => dnis)).toEqual(['8856']);
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 200]);
  expect(await answers[2]?.text()).toContain(foreign);
  expect(byKey.some(({ id }) => id === foreign)).toBe(true);
});

test.each([
  ['a wrong position', 'ndjson?after=x', 'GET', 400],
  ['an empty position', 'ndjson?after=', 'GET', 400],
  ['a parameter that is none', 'ndjson?aftr=x', 'GET', 400],
  ['two positions', 'ndjson?after=x&after=y', 'GET', 400],
  [
    'a position of another life',
    `ndjson?after=${btoa('0123456789ab.1.01999999-9999-7999-8999-999999999999')}`,
    'GET',
    400,
  ],
  ['another method', 'csv', 'POST', 405],
  ['another format', 'xml', 'GET', 404],
])('%s is refused', async (_what, path, method, status) => {
  const answer = await fetched(path, 'olivia', method);

  expect(answer.status).toBe(status);
});

test('without credentials there is nothing', async () => {
  const answer = await fetch(`${tandem.url}/export/calls.csv`);

  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
});

test('what nobody reads is not fetched, and whose token ends is cut off', async () => {
  const statements: string[] = [];
  await using database = await freshDatabase({ onStatement: (text) => statements.push(text) });
  await using lab = await openLab(database);
  await lay(2000, database, lab.organization.id);
  const revoked = new AbortController();
  const released = vi.fn();
  const context = lab.as('olivia');
  const exporting = createExport({
    contexts: { open: async () => context, again: async () => context },
    principals: {
      watch: () => ({ signal: revoked.signal, release: released }),
      [Symbol.dispose]() {},
    },
    refusalIn: (error) => {
      throw error;
    },
  });
  const { signal } = context;
  const origin = { dialect: 'graphql', peer: '::1', requestId: 'r', signal };
  const answer = await exporting(new Request('http://a/export/calls.ndjson'), {
    origin,
    cut: () => {},
  });
  const reader = answer?.body?.getReader();
  const count = () => statements.filter((text) => text.includes('c.changed_xid,')).length;
  const before = count();
  const first = await reader?.read();
  const after = count();
  revoked.abort();

  const second = reader?.read();

  await expect(second).rejects.toThrow('The token has ended.');
  expect([before, after]).toEqual([0, 1]);
  expect(new TextDecoder().decode(first?.value).split('\n')).toHaveLength(501);
  expect(released).toHaveBeenCalledOnce();
  const [, end] = await exportsIn(database, lab.organization.id);
  expect(end).toMatchObject({ operation: 'exportCalls', result: 'BROKEN_OFF' });
  expect(end?.subjects).toContain('records=1000');
});

test('who takes data out is in the audit log: before it goes, and with how many when it has gone', async () => {
  const before = positionOf(await read());
  const ids = await lay(3);
  const [acme] = await tandem.database.rows<{ id: string; olivia: string; admin: string }>(sql`
    select o.id, (select id from users where username = 'olivia') as olivia,
      (select id from users where username = 'admin') as admin from organizations o where key = 'acme'`);
  const home = acme?.id ?? '';
  const past = (await exportsIn(tandem.database, home)).length;

  const records = await read(before);
  const later = await read(positionOf(records), 'admin', 'acme');
  await fetched('ndjson?organizationId=globex');

  const entries = (await exportsIn(tandem.database, home)).slice(past);
  const [id, again] = [entries[0]?.subjects[1], entries[2]?.subjects[1]];
  const [begin, end] = [{ operation: 'exportCalls.begin' }, { operation: 'exportCalls' }];
  const [olivia, admin] = [{ userId: acme?.olivia }, { userId: acme?.admin }];
  const last = positionOf(records);
  // The demo's own calls end whenever they do.
  const counted = (taken: readonly Record[]) => [
    `records=${taken.length}`,
    ...taken.slice(-1).map(({ position }) => `last=${position}`),
  ];
  expect(records.map(({ id: callId }) => callId)).toEqual(expect.arrayContaining(ids));
  expect(entries).toEqual([
    { ...begin, ...olivia, result: 'OK', subjects: [home, id, `after=${before}`] },
    { ...end, ...olivia, result: 'OK', subjects: [home, id, ...counted(records)] },
    { ...begin, ...admin, result: 'OK', subjects: [home, again, `after=${last}`] },
    { ...end, ...admin, result: 'OK', subjects: [home, again, ...counted(later)] },
    { ...begin, ...olivia, result: 'FORBIDDEN', subjects: [] },
  ]);
});

test('a batch is about a megabyte at most, and nothing is left out', async () => {
  const before = positionOf(await read());
  const ids = await lay(40);
  await tandem.database.rows(sql`update calls set user_data = jsonb_build_object('a', repeat('x', 60000))
    where id = any(${sql.param(ids)}::uuid[])`);
  const position = decodeExportPosition(before);
  const [acme] = await tandem.database.rows<{ id: string }>(
    sql`select id from organizations where key = 'acme'`,
  );
  const range = { organizationId: acme?.id ?? '', visibility: EVERYTHING, limit: 500 };

  const batch = await readExport(tandem.database, { ...range, after: position });

  expect(batch).toHaveLength(16);
  const all = await read(before);
  expect(all.map(({ id }) => id).sort()).toEqual(ids.sort());
});

test('calls of a restored dump come before those that end from then on', async () => {
  const before = await read();
  await tandem.database.rows(
    sql`update calls set changed_xid = '1000000000000' where state = 'ENDED'`,
  );
  const beyond = await read();

  await migrate(tandem.database);

  const [id] = await lay(1);
  const all = await read();
  expect(beyond).toEqual([]);
  expect(all).toHaveLength(before.length + 1);
  expect(all.at(-1)?.id).toBe(id);
});

test('a user has two exports at a time, and gives a place back however it ends', async () => {
  const ids = await lay(100);
  await tandem.database.rows(sql`update calls set user_data = jsonb_build_object('a', repeat('x', 60000))
    where id = any(${sql.param(ids)}::uuid[])`);
  const gone = new AbortController();
  const begin = () =>
    fetch(`${tandem.url}/export/calls.ndjson`, { headers: bearer('olivia'), signal: gone.signal });
  const open = [await begin(), await begin()];

  const third = await fetched('ndjson');

  expect(open.map(({ status }) => status)).toEqual([200, 200]);
  expect([third.status, third.headers.get('retry-after')]).toEqual([429, '10']);
  expect(await (await fetched('ndjson', 'alice')).text()).not.toBe('');
  gone.abort();
  const isFree = async () => {
    const answer = await fetched('ndjson');
    // Read to its end: it has a place of its own.
    await answer.text();
    return answer.status === 200;
  };
  await vi.waitUntil(isFree, { timeout: 30_000 });
});

test('a client that has gone before its export was begun gives its place back', async () => {
  await using database = await freshDatabase();
  await using lab = await openLab(database);
  const signal = AbortSignal.abort();
  const context = { ...lab.as('olivia'), signal };
  const release = vi.fn();
  const principals = { watch: () => ({ signal, release }), [Symbol.dispose]() {} };
  const contexts = { open: async () => context, again: async () => context };
  const exporting = createExport({ contexts, principals, refusalIn: () => expect.fail() });
  const origin = { dialect: 'graphql', peer: '::1', requestId: 'r', signal };
  const request = new Request('http://a/export/calls.ndjson');
  const begin = () => exporting(request, { origin, cut: () => {} });
  const before = [await begin(), await begin()];

  const third = await begin();

  expect([...before, third].map((answer) => answer?.status)).toEqual([200, 200, 200]);
  expect(release).toHaveBeenCalledTimes(3);
});

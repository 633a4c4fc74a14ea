import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { migrate as migrateTo } from 'drizzle-orm/postgres-js/migrator';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { AuditFaultKind } from '../../src/model/audit.ts';
import { writeOwnAudit } from '../../src/operations/audit.ts';
import { readAuditHeads, verifyAudit } from '../../src/operations/verify-audit.ts';
import type { Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { eachStore, freshDatabase, freshDirectory } from '../support/database.ts';

/** An organization with so many entries. */
async function chain(database: Database, length: number): Promise<string> {
  const organizationId = uuid();
  for (let n = 1; n <= length; n += 1) {
    const entry = { operation: 'deleteCall', subjects: ['é', `call ${n}`] };
    await writeOwnAudit(database, organizationId, entry);
  }
  return organizationId;
}

/** What the owner of the database can do although the triggers refuse it. */
async function tamper(database: Database, statement: string) {
  await database.client.unsafe(
    `alter table audit_entries disable trigger user; ${statement}; alter table audit_entries enable trigger user`,
  );
}

async function faultsOf(
  database: Database,
  organizationId: string,
  ...anchors: Parameters<typeof verifyAudit>[1][]
) {
  const reports = await verifyAudit(database, anchors[0]);
  return reports.find((report) => report.organizationId === organizationId);
}

const EDITS = {
  id: `id = default`,
  occurred_at: `occurred_at = occurred_at + interval '1 ms'`,
  'the year': `occurred_at = (occurred_at::text || ' BC')::timestamptz`,
  'the century': `occurred_at = occurred_at + interval '20000 years'`,
  user_id: `user_id = gen_random_uuid()`,
  app_id: `app_id = gen_random_uuid()`,
  dialect: `dialect = 'graphql'`,
  operation: `operation = 'holdCall'`,
  subjects: `subjects = array['é,6:call 2']`,
  'the shape of subjects': `subjects = array[subjects]`,
  'where subjects begin': `subjects = ('[0:1]=' || subjects::text)::text[]`,
  result: `result = 'CALL_NOT_FOUND'`,
  request_id: `request_id = 'r'`,
  hash: `hash = repeat('a', 64)`,
  previous_hash: `previous_hash = repeat('a', 64)`,
};

eachStore((database) => {
  test('writers at the same time make whole chains', async () => {
    const organizations = [uuid(), uuid()];
    const writing = organizations.flatMap((id) =>
      Array.from({ length: 40 }, () =>
        writeOwnAudit(database(), id, { operation: 'deleteCall', subjects: [] }),
      ),
    );
    await Promise.all(writing);

    const reports = await verifyAudit(database());

    for (const id of organizations) {
      const report = reports.find(({ organizationId }) => organizationId === id);
      expect(report).toMatchObject({ entries: 40, faultCount: 0 });
    }
  });

  test.each([
    `update audit_entries set result = 'OK'`,
    `delete from audit_entries`,
    `truncate audit_entries`,
  ])('%s is refused', async (statement) => {
    await chain(database(), 1);

    const refused = database().client.unsafe(statement);

    await expect(refused).rejects.toMatchObject({ message: 'Audit entries are append-only.' });
  });

  test.each(Object.entries(EDITS))('an edit of %s is found', async (_column, edit) => {
    const id = await chain(database(), 3);
    await tamper(
      database(),
      `update audit_entries set ${edit} where organization_id = '${id}' and sequence = 2`,
    );

    const report = await faultsOf(database(), id);

    expect(report?.faults).toContainEqual({ kind: 'CHANGED', sequence: 2 });
  });

  const of = (id: string) => `audit_entries where organization_id = '${id}'`;
  const REMOVALS: [string, (id: string) => string, AuditFaultKind, number][] = [
    ['the first entry', (id) => `delete from ${of(id)} and sequence = 1`, 'MISSING', 1],
    ['an entry in the midst', (id) => `delete from ${of(id)} and sequence = 2`, 'MISSING', 2],
    ['the last entry', (id) => `delete from ${of(id)} and sequence = 3`, 'MISSING', 3],
    ['every entry', (id) => `delete from ${of(id)}`, 'MISSING', 1],
    ['the head', (id) => `delete from audit_heads where organization_id = '${id}'`, 'NO_HEAD', 3],
    [
      'the place of the last entry in the head',
      (id) => `update audit_heads set sequence = 2 where organization_id = '${id}'`,
      'UNLINKED',
      3,
    ],
  ];

  test.each(REMOVALS)('taking away %s is found', async (_what, removal, kind, sequence) => {
    const id = await chain(database(), 3);
    await tamper(database(), removal(id));

    const report = await faultsOf(database(), id);

    expect(report?.faults).toContainEqual({ kind, sequence });
  });

  test('another order of entries is found', async () => {
    const id = await chain(database(), 3);
    await tamper(
      database(),
      `update audit_entries set sequence = sequence + 10 where organization_id = '${id}' and sequence < 3;
       update audit_entries set sequence = 13 - sequence where organization_id = '${id}' and sequence > 10`,
    );

    const report = await faultsOf(database(), id);

    expect(report?.faults).toContainEqual({ kind: 'CHANGED', sequence: 1 });
    expect(report?.faults).toContainEqual({ kind: 'CHANGED', sequence: 2 });
  });

  test('an entry that is made anew with the right hash is found by the next one, or by the head', async () => {
    const [midst, end] = [await chain(database(), 3), await chain(database(), 3)];
    const anew = (id: string, sequence: number) =>
      `update audit_entries set result = 'X' where organization_id = '${id}' and sequence = ${sequence};
       update audit_entries e set hash = audit_hash(e) where organization_id = '${id}' and sequence = ${sequence}`;
    await tamper(database(), anew(midst, 2));
    await tamper(database(), anew(end, 3));

    const reports = [await faultsOf(database(), midst), await faultsOf(database(), end)];

    expect(reports[0]?.faults).toEqual([{ kind: 'UNLINKED', sequence: 3 }]);
    expect(reports[1]?.faults).toEqual([{ kind: 'REPLACED', sequence: 3 }]);
  });

  test('a chain that was cut off with its head, or made anew, is found by an anchor', async () => {
    const [cut, gone] = [await chain(database(), 3), await chain(database(), 3)];
    const anchors = await readAuditHeads(database());
    await tamper(
      database(),
      `delete from ${of(cut)} and sequence = 3;
       update audit_heads h set sequence = 2, hash = (select hash from ${of(cut)} and sequence = 2)
         where organization_id = '${cut}';
       delete from ${of(gone)}; delete from audit_heads where organization_id = '${gone}'`,
    );

    const without = await faultsOf(database(), cut);
    const reports = [
      await faultsOf(database(), cut, anchors),
      await faultsOf(database(), gone, anchors),
    ];

    expect(without?.faults).toEqual([]);
    expect(reports[0]?.faults).toEqual([{ kind: 'MISSING', sequence: 3 }]);
    expect(reports[1]?.faults).toContainEqual({ kind: 'MISSING', sequence: 1 });
  });
});

test('entries that were written before there was a chain are linked by the migration', async () => {
  await using database = await freshDatabase({ migrated: false });
  await using earlier = await freshDirectory();
  const folders = (await readdir('drizzle')).sort();
  for (const folder of folders.slice(0, 2)) {
    await cp(join('drizzle', folder), join(earlier.path, folder), { recursive: true });
  }
  await migrateTo(database.drizzle, { migrationsFolder: earlier.path });
  const organizations = [uuid(), uuid()];
  for (const id of [...organizations, ...organizations, ...organizations]) {
    await database.rows(sql`
      insert into audit_entries (organization_id, user_id, dialect, operation, subjects, result, request_id)
      values (${id}::uuid, ${uuid()}::uuid, 'verba', 'deleteCall', '{}', 'OK', 'r')`);
  }

  await migrate(database);

  await writeOwnAudit(database, organizations[0] ?? '', { operation: 'x', subjects: [] });
  const reports = await verifyAudit(database);
  const counts = reports.map(({ entries, faultCount }) => [entries, faultCount]);
  expect(counts.sort()).toEqual([
    [3, 0],
    [4, 0],
  ]);
});

import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditRow, queueAudit } from '../../src/operations/audit-queue.ts';
import { openDatabase } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const row = (organizationId: string, requestId = 'r'): AuditRow => ({
  ...{ organizationId, userId: uuid(), appId: null, dialect: 'graphql', operation: 'deleteCall' },
  ...{ subjects: [], result: 'OK', requestId },
});
const count = async (organizationId: string) =>
  (
    await database.rows(
      sql`select from audit_entries where organization_id = ${organizationId}::uuid`,
    )
  ).length;

test('whoever holds the chain of one organization holds up no other', async () => {
  const [held, free] = [uuid(), uuid()];
  await queueAudit(database, row(held));
  await using holder = openDatabase({ url: database.url, connections: 1 });
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = holder.transaction(async (tx) => {
    await tx.rows(sql`select from audit_heads where organization_id = ${held}::uuid for update`);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const waiting = queueAudit(database, row(held));

  await queueAudit(database, row(free));

  expect([await count(held), await count(free)]).toEqual([1, 1]);
  release.resolve();
  await Promise.all([holding, waiting]);
  expect(await count(held)).toBe(2);
});

test('entries that come together are all written, and what no database takes fails alone', async () => {
  const organizationId = uuid();
  const rows = Array.from({ length: 500 }, (_, n) => row(organizationId, n === 300 ? '\0' : 'r'));

  const outcomes = await Promise.allSettled(rows.map((one) => queueAudit(database, one)));

  const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
  expect(failed).toEqual([300]);
  expect(await count(organizationId)).toBe(499);
});

test('a server waits for locks for ten seconds at most', async () => {
  await using server = openDatabase({ url: database.url, connections: 1, serves: true });

  const [settings] = await server.rows(
    sql`select current_setting('lock_timeout') as locks, current_setting('statement_timeout') as statements`,
  );

  expect(settings).toEqual({ locks: '10s', statements: '30s' });
});

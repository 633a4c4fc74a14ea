import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { beforeEach, expect, test } from 'vitest';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import { endAbandonedCalls, findAbandonedCalls } from '../../src/operations/abandoned-calls.ts';
import { trySessionLock } from '../../src/store/session-lock.ts';
import { eachStore, freshDatabase } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { LAB, record, switchCall } from '../support/switch-call.ts';

eachStore((database) => {
  let acme: TestOrganization;
  let source: typeof LAB;
  let calls: readonly SwitchCall[];

  beforeEach(async () => {
    acme = await layOrganization(database());
    source = { ...LAB, connector: `gone-${uuid()}` };
    calls = [1, 2].map(() => switchCall(['0722000111', acme.numbers.front]));
    for (const call of calls) await record(database(), call, source);
    await database().rows(
      sql`update calls set deletion_requested_at = now() where native_id = ${calls[0]?.nativeId ?? ''}`,
    );
  });

  const found = async (own: readonly string[]) => {
    const all = await findAbandonedCalls(database(), own);
    return all.filter(({ connector }) => connector === source.connector);
  };

  test('calls of a switch that no Tandem has are found', async () => {
    const abandoned = await found(['another']);

    expect(abandoned).toEqual([{ connector: source.connector, calls: 2, marked: 1 }]);
    expect(await found([source.connector])).toEqual([]);
  });

  test('they are ended as lost, and those to be deleted are gone', async () => {
    const ended = await endAbandonedCalls(database(), source.connector);

    const rows = await database().rows(sql`
      select native_id as "nativeId", state, disposition from calls where connector = ${source.connector}`);
    expect(ended).toBe(2);
    expect(rows).toEqual([{ nativeId: calls[1]?.nativeId, state: 'ENDED', disposition: 'LOST' }]);
    expect(await found([])).toEqual([]);
  });
});

test('calls of a switch that some Tandem has are not abandoned', async () => {
  await using database = await freshDatabase();
  const { numbers } = await layOrganization(database);
  await record(database, switchCall(['0722000111', numbers.front]));
  const before = await findAbandonedCalls(database, []);
  await using lock = await trySessionLock(database.url, `switch ${LAB.connector}`);

  const after = await findAbandonedCalls(database, []);

  expect(lock).not.toBeNull();
  expect(before).toMatchObject([{ connector: LAB.connector, calls: 1 }]);
  expect(after).toEqual([]);
});

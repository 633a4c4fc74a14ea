import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { migrate as migrateTo } from 'drizzle-orm/postgres-js/migrator';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { createLog } from '../../src/feed/log.ts';
import { lockCall, logChange } from '../../src/operations/log-change.ts';
import { migrate } from '../../src/store/migrate.ts';
import { eachStore, freshDatabase, freshDirectory } from '../support/database.ts';
import { layOrganization } from '../support/organization.ts';
import { record, switchCall } from '../support/switch-call.ts';

eachStore((database) => {
  test('changes of several kinds that are logged together have the call with each version', async () => {
    const acme = await layOrganization(database());
    await record(database(), switchCall(['0722000111', acme.numbers.front]));
    const [call] = await database().rows<{ id: string }>(sql`select id from calls`);
    const callId = call?.id ?? '';

    await database().transaction(async (tx) => {
      await lockCall(tx, callId);
      await logChange(tx, callId, ['STATE', 'PARTICIPANTS']);
    });

    const logged = await database().rows(sql`
      select kind, version, (state ->> 'version')::int as told from call_changes order by xid, id`);
    expect(logged).toEqual([
      { kind: 'STATE', version: 1, told: 1 },
      { kind: 'STATE', version: 2, told: 2 },
      { kind: 'PARTICIPANTS', version: 3, told: 3 },
    ]);
  });
});

test('what was logged before calls were kept as text is read as it was', async () => {
  await using database = await freshDatabase({ migrated: false });
  await using earlier = await freshDirectory();
  for (const folder of await readdir('drizzle')) {
    if (folder >= '20261123094155') continue;
    await cp(join('drizzle', folder), join(earlier.path, folder), { recursive: true });
  }
  await migrateTo(database.drizzle, { migrationsFolder: earlier.path });
  const calls = [{ userData: { name: 'a\n"€😀', none: null } }, null];
  for (const call of calls) {
    await database.rows(sql`
      insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
      values (${uuid()}::uuid, ${uuid()}::uuid, 1, 'STATE', now(), ${call && sql.param(call)}::jsonb, '{}', '{}')`);
  }

  await migrate(database);

  const { entries } = await createLog(database).after({ epoch: '', xid: 0n, id: 0n });
  expect(entries.map(({ message }) => message.change.call)).toEqual(calls);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { writeOwnAudit } from '../../src/operations/audit.ts';
import { freshDatabase } from '../support/database.ts';
import { layOrganization } from '../support/organization.ts';
import { freshHome } from './tandem.ts';

test('an auditor whose role only reads verifies and anchors', async () => {
  await using database = await freshDatabase();
  await using home = await freshHome();
  await writeOwnAudit(database, uuid(), { operation: 'deleteCall', subjects: [] });
  const role = `auditor_${uuid().replaceAll('-', '')}`;
  await database.client.unsafe(`create role ${role} login password 'x';
    grant usage on schema public to ${role}; grant select on all tables in schema public to ${role}`);
  await using _ = {
    [Symbol.asyncDispose]: async () => {
      await database.client.unsafe(`drop owned by ${role}; drop role ${role}`);
    },
  };
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'x'];
  const settings = { DATABASE_URL: url.href };

  const verified = await home.run(['audit', 'verify'], { settings });
  const anchored = await home.run(['audit', 'anchor'], { settings });

  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('whole: 1 entries') });
  expect(JSON.parse(anchored.out)).toMatchObject({ sequence: 1 });
});

test('an export whose reader has read enough ends without a word', async () => {
  await using database = await freshDatabase();
  const { id } = await layOrganization(database);
  await database.rows(sql`
    insert into calls (id, organization_id, state, direction, call_type, offered_at, ended_at)
    select gen_random_uuid(), ${id}::uuid, 'ENDED', 'INBOUND', 'INBOUND', now(), now()
    from generate_series(1, 3000)`);
  const env = { ...process.env, DATABASE_URL: database.url };
  const child = spawn(process.execPath, ['src/main.ts', 'export'], { env });
  const complaints = text(child.stderr);
  const ended = once(child, 'exit');
  await once(child.stdout, 'readable');

  child.stdout.destroy();

  expect(await ended).toEqual([0, null]);
  expect(await complaints).toBe('');
});

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeOwnAudit } from '../../src/operations/audit.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshHome } from './tandem.ts';

const ORGANIZATION = '01999999-9999-7999-8999-999999999999';
const ANOTHER = '01999999-9999-7999-8999-999999999998';

test('an empty anchor is refused, and one that does not name a chain says so', async () => {
  await using home = await freshHome();
  const anchor = join(home.path, 'anchor');
  const write = async (organizationId: string) => {
    await using database = await openEmbedded(join(home.path, 'tandem'));
    await migrate(database);
    await writeOwnAudit(database, organizationId, { operation: 'x', subjects: [] });
  };
  await write(ORGANIZATION);
  await writeFile(anchor, (await home.run(['audit', 'anchor'])).out);
  await write(ANOTHER);
  await writeFile(join(home.path, 'empty'), '\n');

  const empty = await home.run(['audit', 'verify', '--anchor', join(home.path, 'empty')]);
  const partial = await home.run(['audit', 'verify', '--anchor', anchor]);

  expect(empty).toMatchObject({ code: 1, out: '', error: expect.stringContaining('is empty') });
  expect(partial).toMatchObject({ code: 0, error: expect.stringContaining(ANOTHER) });
  expect(partial.error).not.toContain(ORGANIZATION);
});

test('where no Tandem has run, to look for tampering makes nothing', async () => {
  await using home = await freshHome();

  const done = await home.run(['audit', 'verify']);

  expect(done).toMatchObject({ code: 1, out: '', error: expect.stringContaining(home.path) });
  expect(existsSync(join(home.path, 'tandem'))).toBe(false);
});

test('the audit log is verified beside an anchor, and what was cut off has its own exit code', async () => {
  await using home = await freshHome();
  const directory = join(home.path, 'tandem');
  const change = async (work: string | null) => {
    await using database = await openEmbedded(directory);
    await migrate(database);
    if (work) await database.client.unsafe(work);
    else await writeOwnAudit(database, ORGANIZATION, { operation: 'x', subjects: [] });
  };
  await change(null);
  const anchor = join(home.path, 'anchor');
  await writeFile(anchor, (await home.run(['audit', 'anchor'])).out);
  const whole = await home.run(['audit', 'verify', '--anchor', anchor]);
  await change('drop trigger audit_entries_append_only on audit_entries');
  await change('delete from audit_entries; delete from audit_heads');

  const silent = await home.run(['audit', 'verify']);
  const found = await home.run(['audit', 'verify', '--anchor', anchor]);
  const wrong = await home.run(['audit', 'verify', '--anchor', 'package.json']);

  expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('whole: 1 entries in 1') });
  expect(silent).toMatchObject({ code: 0, out: expect.stringContaining('0 entries in 0 chains') });
  expect(found).toMatchObject({ code: 3, out: expect.stringContaining('entry 1 is missing') });
  expect(wrong).toMatchObject({ code: 1, error: expect.stringContaining('line 1') });
});

import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openDemo } from '../../src/cli/demo.ts';
import { VERBA_KEY, VERBA_TOKEN } from '../../src/cli/demo-data.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/observe/log.ts';
import { freshDatabase } from '../support/database.ts';
import { dumpOf, foundIn } from '../support/dump.ts';

test('keys, tokens and passwords in URLs reach neither the log nor the database, even when things break', async () => {
  await using database = await freshDatabase();
  const logged: string[] = [];
  const log = createLogger('debug', { write: (line) => logged.push(line) });
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0' });
  await using tandem = await openDemo({ config, database, log });
  const api = `http://127.0.0.1:${tandem.port}/verba/api?apiKey=${VERBA_KEY}`;
  const wrong = 'swordfish-4711';
  const say = async (query: string) => (await fetch(`${api}&${query}`)).text();
  const given = await say('action=RequestToken&userName=alice&password=demo&responseType=TEXT');
  const answers = [
    await say(`action=GetCallID&extension=8856&status=last&token=${given}`),
    await say(`action=RequestToken&userName=alice&password=${wrong}`),
    await say(`action=DeleteCall&nativeID=x&token=${wrong}`),
    await say(`action=AddMarker&nativeID=x&mname=x&token=${VERBA_TOKEN}&mstart=1`),
  ];
  await database.rows(sql`alter table calls rename to away`);

  const broken = await say(`action=DeleteCall&nativeID=x&token=${given}`);

  expect(answers.map((text) => /code="(\d)"/.exec(text)?.[1])).toEqual(['0', '4', '4', '2']);
  expect(broken).toContain('code="1"');
  const written = `${logged.join('')}${await dumpOf(database.url)}`;
  expect(logged.join('')).toContain('a bug');
  // Hashes of what has entropy of its own are how they are known again.
  const hashed = [VERBA_KEY, VERBA_TOKEN, given];
  expect(
    [VERBA_KEY, VERBA_TOKEN, given, wrong].filter((secret) => written.includes(secret)),
  ).toEqual([]);
  expect(foundIn(logged.join(''), hashed)).toEqual([]);
});

test('a token is good for an hour, for its own app and with its own user’s rights', async () => {
  await using database = await freshDatabase();
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0' });
  await using tandem = await openDemo({ config, database, log: createLogger('silent') });
  const url = `http://127.0.0.1:${tandem.port}`;
  const form = new URLSearchParams({ apiKey: VERBA_KEY, responseType: 'TEXT' });
  const send = async (action: string, more: Record<string, string>) =>
    (
      await fetch(`${url}/verba/api`, {
        method: 'POST',
        body: new URLSearchParams([...form, ['action', action], ...Object.entries(more)]),
      })
    ).text();
  const token = await send('RequestToken', { userName: 'alice', password: 'demo' });

  const again = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"mutation { issueToken(input: {}) { token } }"}',
  });

  expect(await again.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  const call = { extension: '8856', status: 'last' };
  expect(await send('GetCallID', { ...call, token })).toMatch(/^[0-9a-f-]{36}$/);
  await database.rows(
    sql`update tokens set expires_at = expires_at - interval '1 hour' where app_id is not null`,
  );
  expect(await send('GetCallID', { ...call, token })).toContain('ERROR');
});

test('a token is given back with a key that needs none, once, and without it nothing is', async () => {
  await using database = await freshDatabase();
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0' });
  await using tandem = await openDemo({ config, database, log: createLogger('silent') });
  await database.rows(sql`update apps set requires_token = false`);
  const api = `http://127.0.0.1:${tandem.port}/verba/api?responseType=TEXT&apiKey=${VERBA_KEY}`;
  const say = async (query: string) => (await fetch(`${api}&action=${query}`)).text();
  const token = await say('RequestToken&userName=alice&password=demo');

  const given = [
    await say(`InvalidateToken&token=${token}`),
    await say(`InvalidateToken&token=${token}`),
    await say('InvalidateToken'),
  ];

  expect(given).toEqual([
    'OK',
    expect.stringContaining('revoked'),
    expect.stringContaining('no token that could be revoked'),
  ]);
});

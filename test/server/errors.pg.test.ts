import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openDemo } from '../../src/cli/demo.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/store/database.ts';
import { ask, bearer } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { closeOf } from '../support/follow.ts';
import { readableLog } from '../support/log.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

/** A demo whose log can be read. */
async function openTold(settings: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, ...settings });
  const { log, lines } = readableLog();
  const { port } = stack.use(await openDemo({ config, database, log }));
  const held = stack.move();
  const url = `http://127.0.0.1:${port}`;
  return { database, lines, url, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const UNKNOWN = '00000000-0000-7000-8000-000000000000';

test('a refusal that cannot be written down is the same to the client, and the operator hears why', async () => {
  await using tandem = await openTold();
  await tandem.database.rows(sql`alter table audit_entries rename to away`);
  const mutation = `mutation { hangupPhoneCall(input: { callId: "${UNKNOWN}" }) { endedIds } }`;
  const path = `/uapi/phoneCalls/@me/0003*210/${UNKNOWN.replaceAll('-', '')}`;

  const byGraphql = await ask(tandem, mutation);
  const legacy = await fetch(tandem.url + path, { method: 'DELETE', headers: bearer('alice') });

  expect(byGraphql.code).toBe('CALL_NOT_FOUND');
  expect(legacy.status).toBe(400);
  const unwritten = {
    requestId: expect.any(String),
    err: { type: 'PostgresError', code: '42P01' },
  };
  expect(tandem.lines).toMatchObject([unwritten, { ...unwritten, dialect: 'voipnow' }]);
});

test('a bug behind a legacy path is told with its own kind, and without what Postgres quotes', async () => {
  await using tandem = await openTold();
  await tandem.database.rows(sql`alter table phone_call_events rename to away`);
  const path = '/uapi/extensions/@me/0003*210/phoneCallEvents';

  const { status } = await fetch(tandem.url + path, { method: 'DELETE', headers: bearer('alice') });

  expect(status).toBe(500);
  const bugs = tandem.lines.filter(({ dialect }) => dialect === 'voipnow');
  expect(bugs).toMatchObject([{ err: { type: 'PostgresError', code: '42P01' } }]);
  expect(JSON.stringify(tandem.lines)).not.toContain('does not exist');
});

test('while the issuer of tokens is away, clients are told to try again, and the operator why', async () => {
  const closed = 'http://127.0.0.1:1/jwks';
  await using tandem = await openTold({
    JWT_ISSUER: 'https://login.example',
    JWT_JWKS_URL: closed,
  });
  const token = `${btoa('{"alg":"ES256","kid":"one"}')}.${btoa('{"sub":"alice"}')}.AAAA`;
  const headers = { authorization: `Bearer ${token}` };

  const byHttp = await ask(tandem, '{ __typename }', { headers });
  const bySocket = await closeOf(tandem, headers);
  const legacy = await fetch(`${tandem.url}/uapi/phoneCalls/@me/210`, {
    method: 'DELETE',
    headers,
  });

  expect([byHttp.status, byHttp.code]).toEqual([503, 'UNAVAILABLE']);
  expect(bySocket).toMatchObject({ code: 1013 });
  expect(legacy.status).toBe(503);
  const told = { err: { message: expect.stringContaining('JWT_JWKS_URL'), cause: {} } };
  expect(tandem.lines).toMatchObject([told]);
});

test('while the database is away, clients are told to come back, and the operator once', async () => {
  await using fresh = await freshDatabase();
  const [{ log, lines }, url] = [readableLog(), new URL(fresh.url)];
  await using proxy = await openTcpProxy(Number(url.port));
  url.port = `${proxy.port}`;
  await using database = openDatabase({ url: url.href, connections: 4 });
  const config = readConfig({ PORT: '0', DATABASE_URL: url.href });
  await using tandem = await openDemo({ config, database, log });
  const target = { url: `http://127.0.0.1:${tandem.port}` };
  const path = '/uapi/phoneCalls/@me/0003*210/1';
  await proxy.cut();

  const byHttp = [
    await ask(target, '{ calls { nodes { id } } }'),
    await ask(target, '{ __typename }'),
  ];
  const legacy = await fetch(target.url + path, { method: 'DELETE', headers: bearer('alice') });

  expect(byHttp.map(({ status, code }) => [status, code])).toEqual([
    [503, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
  ]);
  expect([legacy.status, legacy.headers.get('retry-after')]).toEqual([503, '1']);
  const told = lines.filter(({ msg }) => String(msg).includes('requests fail'));
  expect(told).toMatchObject([{ err: { code: 'ECONNREFUSED' } }]);
});

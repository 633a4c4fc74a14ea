import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { layOrganization } from '../support/organization.ts';
import { freshHome, type Home } from './tandem.ts';

let database: FreshDatabase;
let home: Home;
let username: string;

beforeAll(async () => {
  [database, home] = await Promise.all([freshDatabase(), freshHome()]);
  username = (await layOrganization(database)).principal('alice').username;
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const give = (input: string, whose = username) =>
  home.run(['password', whose], { input, settings: { DATABASE_URL: database.url } });

const logIn = (password: string) =>
  createAuthenticate(database)({ kind: 'password', username, password }, '127.0.0.1');

test('a user logs in by the password that was given', async () => {
  const done = await give('new secret\n');

  expect(done).toEqual({ code: 0, out: '', error: '' });
  expect(await logIn('new secret')).toMatchObject({ username });
});

test.each([
  ['nothing', '\n', undefined],
  ['two lines', 'a\nb\n', undefined],
  ['nobody’s', 'secret\n', 'nobody'],
])('a password that is %s is refused', async (_name, input, whose) => {
  const refused = await give(input, whose);

  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.error).toMatch(/^(A password is one line|There is no user)/);
});

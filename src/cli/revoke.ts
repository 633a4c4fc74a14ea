import { sql } from 'drizzle-orm';
import { revokeTokens } from '../auth/tokens.ts';
import { readConfig } from '../config.ts';
import { hashSecret } from '../model/secret.ts';
import type { Executor } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { CommandError } from './fail.ts';
import { joinStore } from './services.ts';

/** Revokes all tokens of a user, or one by its text; what they have begun ends within a second. */
export async function revoke(username: string | undefined, { token }: { token?: string }) {
  if (!username === !token) throw new CommandError('Name a user, or give one --token.');
  const config = readConfig(process.env);
  await using database = await joinStore(config);
  await migrate(database);
  if (username) await checkUser(database, username);
  const which = token
    ? sql`t.hash = ${hashSecret(token)}`
    : sql`t.user_id = (select id from users where username = ${username ?? ''})`;
  if (username) {
    // A consent that no app has come for yet would still become a token.
    await database.rows(
      sql`delete from authorization_codes where user_id = (select id from users where username = ${username})`,
    );
  }
  const { length: revoked } = await revokeTokens(database, which);
  if (revoked === 0) throw new CommandError('There is no such token that is not revoked.');
  process.stdout.write(`Revoked: ${revoked}\n`);
}

async function checkUser(on: Executor, username: string): Promise<void> {
  const [user] = await on.rows(sql`select from users where username = ${username}`);
  if (!user) throw new CommandError(`There is no user named ${username}.`);
}

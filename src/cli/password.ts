import { text } from 'node:stream/consumers';
import { sql } from 'drizzle-orm';
import { hashPassword } from '../auth/passwords.ts';
import { readConfig } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { CommandError } from './fail.ts';
import { joinStore } from './services.ts';

/** As import files take them. */
const LONGEST = 1000;

/** Gives a user the password on standard input; what was begun by the one before ends within a second. */
export async function password(username: string) {
  const config = readConfig(process.env);
  const given = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (given.length === 0 || given.length > LONGEST || /[\0\r\n]/.test(given)) {
    throw new CommandError(`A password is one line of 1 to ${LONGEST} characters.`);
  }
  await using database = await joinStore(config);
  await migrate(database);
  const changed = await database.rows(
    sql`update users set password_hash = ${await hashPassword(given)} where username = ${username} returning id`,
  );
  if (changed.length === 0) throw new CommandError(`There is no user named ${username}.`);
}

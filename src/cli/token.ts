import { sql } from 'drizzle-orm';
import { issueToken } from '../auth/tokens.ts';
import { readConfig } from '../config.ts';
import { SCOPES, type Scope } from '../model/account.ts';
import { firstRow } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { CommandError } from './fail.ts';
import { joinStore } from './services.ts';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Prints a new bearer token of a user: nothing else goes to standard output. */
export async function token(username: string, { ttl, scope }: { ttl: string; scope?: string[] }) {
  const config = readConfig(process.env);
  const expiresAt = new Date(Date.now() + milliseconds(ttl));
  const scopes = scope ? scope.map(scopeOf) : SCOPES;
  await using database = await joinStore(config);
  await migrate(database);
  const user = await firstRow<{ userId: string; organizationId: string }>(
    database,
    sql`select id as "userId", organization_id as "organizationId" from users where username = ${username}`,
  );
  if (!user) throw new CommandError(`There is no user named ${username}.`);
  process.stdout.write(`${await issueToken(database, { ...user, scopes, expiresAt })}\n`);
}

function milliseconds(ttl: string): number {
  const [, amount, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(ttl) ?? [];
  if (amount && unit && unit in UNITS) return Number(amount) * UNITS[unit as keyof typeof UNITS]; // just checked
  throw new CommandError(
    `--ttl takes a number up to 999999 and one of s, m, h and d, such as 1h; not ${ttl}.`,
  );
}

function scopeOf(text: string): Scope {
  const scope = SCOPES.find((one) => one === text.toUpperCase());
  if (scope) return scope;
  throw new CommandError(`--scope takes ${SCOPES.join(', ')}; not ${text}.`);
}

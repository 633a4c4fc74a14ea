import { sql } from 'drizzle-orm';
import { logChange } from '../src/operations/log-change.ts';
import type { Database } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';

/** An organization with as many seats: each a user, its extension, and a live call on it. */
export interface Scene {
  readonly key: string;
  readonly seats: number;
  /** The live calls' ids, by seat. */
  readonly callIds: readonly string[];
}

/** An organization's token sees all its seats, a seat's token one. */
export const tokenOf = (key: string, seat?: number) => `bench-token-${key}-${seat ?? 'all'}`;

/** A seat's extension. */
export const extensionOf = (key: string, seat: number) => `${key}*${10_000 + seat}`;

/** Lays an organization, and logs each of its calls once. */
export async function layScene(database: Database, key: string, seats: number): Promise<Scene> {
  await migrate(database);
  const tokenText = sql`${`bench-token-${key}-`} || coalesce(seat::text, 'all')`;
  await database.rows(sql`
    with organization as (
      insert into organizations (id, key, name) values (gen_random_uuid(), ${key}, ${key}) returning id
    ), person as (
      select gen_random_uuid() as id, organization.id as organization_id, seat
      from organization, (select generate_series(0, ${seats - 1}::int) union all select null) s(seat)
    ), u as (
      insert into users (id, organization_id, number, username, account_type)
      select id, organization_id, coalesce(seat + 2, 1)::text, ${key} || coalesce(seat::text, ''),
        case when seat is null then 'ORGANIZATION' else 'USER' end from person
    ), t as (
      insert into tokens (id, organization_id, user_id, hash, scopes)
      select gen_random_uuid(), organization_id, id, encode(sha256((${tokenText})::bytea), 'hex'),
        '{READ,CONTROL,MANAGE}' from person
    )
    insert into extensions (id, organization_id, number, short_number, kind, owner_id)
    select gen_random_uuid(), organization_id, ${`${key}*`} || (10000 + seat), (10000 + seat)::text, 'TERMINAL', id
    from person where seat is not null`);
  await database.rows(sql`
    with e as (
      select *, gen_random_uuid() as call_id from extensions where number like ${`${key}*%`}
    ), c as (
      insert into calls (id, organization_id, state, direction, call_type, ani, dnis, offered_at, answered_at, version)
      select call_id, organization_id, 'CONNECTED', 'INBOUND', 'INBOUND', '+40722000111', number, now(), now(), 0 from e
    )
    insert into participants (call_id, sequence, organization_id, role, number, extension_id, state, answered_at, offered_at)
    select call_id, '00', organization_id, 'CALLER', '+40722000111', null, 'CONNECTED', now(), now() from e union all
    select call_id, '01', organization_id, 'CALLEE', number, id, 'CONNECTED', now(), now() from e`);
  await database.rows(sql`analyze`);
  const rows = await database.rows<{ id: string }>(
    sql`select id from calls where dnis like ${`${key}*%`} order by dnis`,
  );
  const callIds = rows.map(({ id }) => id);
  await Promise.all(callIds.map((id) => logChange(database, id, ['STATE'])));
  // As autovacuum would have done by and by.
  await database.rows(sql`analyze`);
  return { key, seats, callIds };
}

import { type SQL, sql } from 'drizzle-orm';
import { hashSecret } from '../src/model/secret.ts';
import type { Database } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';

/** The account that asks: one that sees its whole organization. */
export const TOKEN = 'bench-token-olivia';

const EXTENSIONS = 10_000;
const EVENTS_EACH = 10;
/** About a year for a million calls; a prime, so that the times look like times. */
const MILLISECONDS_APART = 31_541;

/** The extension that has a tenth of all calls. */
export const BIG = '0001*10000';

/** The number of the nth extension. */
export const numberOf = (n: number) => `0001*${10_000 + (n % EXTENSIONS)}`;

/** The id of the nth call. */
export const callIdOf = (n: number) =>
  `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/**
 * Lays an organization of 10,000 extensions with ten rules each, and so many calls of two or three participants, of
 * which one or two are extensions. By SQL, and the indexes afterwards: an import would take an hour for ten million.
 */
export async function populate(database: Database, calls: number): Promise<void> {
  await migrate(database);
  await layAccounts(database);
  await withoutIndexes(database, ['calls', 'participants', 'call_identifiers'], async () => {
    await layCalls(database, calls);
  });
  // PostGraphile would call both `rowId`, and gives up.
  await database.rows(sql`comment on column phone_call_events.row_id is '@name key'`);
  await database.rows(sql`vacuum analyze`);
}

/** Rebuilding an index is far cheaper than growing it row by row. */
async function withoutIndexes(
  database: Database,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const indexes = await database.rows<{ name: string; definition: string }>(sql`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i where i.indrelid = any(${sql.param(tables)}::regclass[]) and not i.indisprimary`);
  for (const { name } of indexes) await database.rows(sql`drop index ${sql.raw(name)}`);
  await work();
  for (const { definition } of indexes) await database.rows(sql.raw(definition));
}

async function layAccounts(database: Database): Promise<void> {
  await database.rows(sql`
    with organization as (
      insert into organizations (id, key, name) values (gen_random_uuid(), 'bench', 'Bench') returning id
    ), person as (
      insert into users (id, organization_id, number, username, account_type)
      select gen_random_uuid(), id, '1', 'olivia', 'ORGANIZATION' from organization returning id, organization_id
    ), token as (
      insert into tokens (id, organization_id, user_id, hash, scopes)
      select gen_random_uuid(), organization_id, id, ${hashSecret(TOKEN)}, '{READ,CONTROL,MANAGE}' from person
    ), e as (
      insert into extensions (id, organization_id, number, short_number, kind, label, owner_id)
      select gen_random_uuid(), organization_id, '0001*' || (10000 + n), (10000 + n)::text, 'TERMINAL', 'Desk ' || n, id
      from person, generate_series(0, ${EXTENSIONS - 1}::int) n returning *
    )
    insert into phone_call_events (row_id, organization_id, extension_id, id, type, method, url, status, note)
    select gen_random_uuid(), organization_id, id, replace(gen_random_uuid()::text, '-', ''), n % 5, 'POST',
      'https://crm.example/events/' || short_number || '/' || n, 'ENABLED', 'rule ' || n
    from e, generate_series(1, ${EVENTS_EACH}::int) n`);
}

/** Each tenth call is the first extension's, the others visit all; every second one has a second extension. */
async function layCalls(database: Database, calls: number): Promise<void> {
  await database.rows(sql`
    insert into calls (id, organization_id, state, direction, call_type, ani, dnis, offered_at, answered_at, ended_at,
      disposition, q850_cause, user_data)
    select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, o.id, 'ENDED', 'INBOUND', 'INBOUND',
      '+4072' || lpad((n % 10000000)::text, 7, '0'), '0001*' || (10000 + ${calleeOf(sql`n`)}), t, t + interval '5 s',
      t + interval '65 s', 'ANSWERED', 16, jsonb_build_object('ticket', n::text, 'crm', 'customer ' || n)
    from organizations o, generate_series(0, ${calls - 1}::bigint) n,
      lateral (select timestamptz '2025-01-01' + n * interval '${sql.raw(String(MILLISECONDS_APART))} ms' as t) l
    where o.key = 'bench'`);
  await database.rows(sql`
    insert into call_identifiers (organization_id, scheme, value, call_id)
    select organization_id, 'NATIVE', id::text, id from calls`);
  await database.rows(sql`
    insert into participants (call_id, sequence, organization_id, role, number, extension_id, state, offered_at,
      answered_at, left_at)
    select c.id, p.sequence, c.organization_id, p.role, coalesce(e.number, c.ani), e.id, 'ENDED', c.offered_at,
      c.answered_at, c.ended_at
    from calls c, lateral (values ('00', 'CALLER', null), ('01', 'CALLEE', c.dnis),
      ('02', 'CALLEE', '0001*' || (10000 + (substr(c.dnis, 6)::int - 10000 + 5003) % ${EXTENSIONS}::int))) p(sequence, role, number)
    left join extensions e on e.number = p.number
    where p.sequence < '02' or substr(c.ani, 12)::int % 2 = 0`);
}

const calleeOf = (n: SQL) =>
  sql`(case ${n} % 10 when 0 then 0 else 1 + (${n} * 7919) % ${EXTENSIONS - 1}::int end)`;

import { sql } from 'drizzle-orm';
import { hashApiKey } from '../../src/model/secret.ts';
import type { Database } from '../../src/store/database.ts';

/** Verba's: that of an app which acts for whoever asks. */
export const API_KEY = '00000000-0000-4000-8000-00000000bec4';

/** Extensions that have so many live calls each: a page of VoipNow's list. */
export const BUSY = 100;
export const LIVE_EACH = 20;

/** Adds to the population what legacy clients need: live calls of the first extensions, and an app. */
export async function layStock(database: Database): Promise<void> {
  await database.rows(sql`
    insert into apps (id, organization_id, user_id, name, api_key_hash)
    select gen_random_uuid(), organization_id, id, 'recorder', ${hashApiKey(API_KEY)} from users`);
  await database.rows(sql`
    with e as (
      select *, gen_random_uuid() as call_id from extensions, generate_series(1, ${LIVE_EACH}::int)
      where short_number::int < ${10_000 + BUSY}::int
    ), c as (
      insert into calls (id, organization_id, state, direction, call_type, ani, dnis, offered_at, answered_at, user_data)
      select call_id, organization_id, 'CONNECTED', 'INBOUND', 'INBOUND', '+40722000111', number, now(), now(),
        '{"account":"4711"}' from e
    )
    insert into participants (call_id, sequence, organization_id, role, number, extension_id, state, offered_at, answered_at)
    select call_id, '00', organization_id, 'CALLER', '+40722000111', null, 'CONNECTED', now(), now() from e union all
    select call_id, '01', organization_id, 'CALLEE', number, id, 'CONNECTED', now(), now() from e`);
  await database.rows(sql`analyze`);
}

/** The ids of all live calls: Genesys' user data is that of these. */
export async function liveCallsOf(database: Database): Promise<string[]> {
  const calls = await database.rows<{ id: string }>(
    sql`select id from calls where state <> 'ENDED'`,
  );
  return calls.map(({ id }) => id);
}

/** A phone call event, and the extension whose it is. */
export interface Rule {
  readonly id: string;
  readonly type: number;
  readonly extension: string;
}

/** All phone call events: there are more of them than anybody deletes. */
export const rulesOf = (database: Database) =>
  database.rows<Rule>(sql`
    select r.id, r.type, e.number as extension from phone_call_events r join extensions e on e.id = r.extension_id`);

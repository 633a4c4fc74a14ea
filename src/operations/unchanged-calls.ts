import { sql } from 'drizzle-orm';
import type { LiveCalls } from '../connectors/connector.ts';
import { GatewayError } from '../model/errors.ts';
import type { Database } from '../store/database.ts';

interface Source {
  readonly connector: string;
  readonly keepsUserData: boolean;
}

/**
 * The native ids of listed calls that the database has as they are: nearly all, every time. Writing each of
 * hundreds only to find nothing new would hold up the events that wait behind a list. A list of which Postgres cannot
 * keep something has none: each call is then written, or refused, by itself.
 */
export async function unchangedCalls(
  database: Database,
  { connector, keepsUserData }: Source,
  { epoch, calls }: LiveCalls,
): Promise<ReadonlySet<string>> {
  if (calls.length === 0) return new Set();
  const listed = calls.map(({ nativeId, state, recordingState, userData, parties }) => ({
    ...{ nativeId, state, recordingState, userData, parties },
  }));
  const statement = sql`
    select l."nativeId" from jsonb_to_recordset(${sql.param(listed)}::jsonb)
      as l("nativeId" text, state text, "recordingState" text, "userData" jsonb, parties jsonb)
    join calls c on c.connector = ${connector} and c.epoch = ${epoch} and c.native_id = l."nativeId"
    where c.state = l.state and c.recording_state = l."recordingState"
      and (not ${keepsUserData} or coalesce(c.user_data, '{}') = l."userData")
      and not exists (
        select from jsonb_to_recordset(l.parties) as leg("nativeId" text, number text, name text, state text,
            "ringingAt" timestamptz, "answeredAt" timestamptz, "heldAt" timestamptz, "leftAt" timestamptz)
          full join (select * from participants where call_id = c.id) p on p.native_id = leg."nativeId"
        where (leg."nativeId" is not null or p.state <> 'ENDED')
          and (leg.number, leg.name, leg.state, leg."ringingAt", leg."answeredAt", leg."heldAt", leg."leftAt")
            is distinct from (p.number, p.name, p.state, p.ringing_at, p.answered_at, p.held_at, p.left_at))`;
  const rows = await database.rows<{ nativeId: string }>(statement).catch(none);
  return new Set(rows.map(({ nativeId }) => nativeId));
}

function none(error: unknown): [] {
  if (error instanceof GatewayError) return [];
  throw error;
}

import { sql } from 'drizzle-orm';
import { EVENT_TYPES } from '../../src/model/phone-call-event.ts';
import type { Database } from '../../src/store/database.ts';

/** A firing: the type of its rule, and what is told. */
interface Fired {
  readonly type: (typeof EVENT_TYPES)[number];
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a call has fired by rules of an extension, in its order. */
export const firedOf = (
  database: Pick<Database, 'rows'>,
  { callId, number }: { readonly callId: string; readonly number: string },
): Promise<Fired[]> =>
  database.rows<Fired>(sql`
    select (${sql.param(EVENT_TYPES)}::text[])[r.type + 1] as type, d.parameters from event_deliveries d
    join phone_call_events r on r.row_id = d.event_row_id join extensions e on e.id = r.extension_id
    where d.call_id = ${callId}::uuid and e.number = ${number} order by d.position`);

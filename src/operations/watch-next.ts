import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { WatchAction } from '../model/call.ts';
import type { Executor } from '../store/database.ts';
import type { Context } from './context.ts';

/** How long after the request the next call is awaited (Verba, Delete Call, `status=next`). */
const NEXT_WITHIN_SECONDS = 60;

interface Wish {
  readonly action: WatchAction;
  /** The name of the marker; for MARK. */
  readonly marker?: string;
}

/** Asks for something to be done with the next call of a number. It is kept over a restart. */
export async function watchNext(
  { database, principal, visibility }: Context,
  number: string,
  { action, marker }: Wish,
): Promise<void> {
  await database.rows(sql`
    insert into deletion_watches (id, organization_id, owner_id, number, action, marker, expires_at)
    values (${uuidv7()}::uuid, ${principal.organizationId}::uuid, ${visibility.ownerId}::uuid, ${number}, ${action},
      ${marker ?? null}, now() + make_interval(secs => ${NEXT_WITHIN_SECONDS}))`);
}

/** Does with a new call what somebody has wished; such a wish is used up by one call. */
export async function takeWatches(tx: Executor, callId: string): Promise<void> {
  await tx.rows(sql`
    with wish as (
      delete from deletion_watches w using participants p left join extensions e on e.id = p.extension_id
      where p.call_id = ${callId}::uuid and w.organization_id = p.organization_id and w.expires_at > now()
        and w.number in (p.number, e.number, e.short_number)
        and (w.owner_id is null or exists (select from participants v join extensions x on x.id = v.extension_id
          where v.call_id = p.call_id and x.owner_id = w.owner_id))
      returning w.id, w.organization_id, w.action, w.marker
    ), marked as (
      insert into call_markers (id, organization_id, call_id, name, start_ms)
      select id, organization_id, ${callId}::uuid, marker, 0 from wish where action = 'MARK'
    )
    update calls set
      held_for_legal = held_for_legal or exists (select from wish where action = 'HOLD'),
      deletion_requested_at = case when exists (select from wish where action = 'DELETE') then now() end
    where id = ${callId}::uuid and exists (select from wish where action <> 'MARK')`);
}

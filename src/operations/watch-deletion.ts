import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Visibility } from '../model/visibility.ts';
import type { Executor } from '../store/database.ts';

/** How long after the request the next call is awaited (Verba, Delete Call, `status=next`). */
const NEXT_WITHIN_SECONDS = 60;

/** Asks for the next call of a number to be deleted when it ends. */
export async function watchForDeletion(
  on: Executor,
  number: string,
  { organizationId, ownerId }: Visibility & { organizationId: string },
) {
  await on.rows(sql`
    insert into deletion_watches (id, organization_id, owner_id, number, expires_at)
    values (${uuidv7()}::uuid, ${organizationId}::uuid, ${ownerId}::uuid, ${number},
      now() + make_interval(secs => ${NEXT_WITHIN_SECONDS}))`);
}

/** Marks a new call for deletion when somebody waits for it; such a wish is used up by one call. */
export async function takeDeletionWatch(tx: Executor, callId: string) {
  await tx.rows(sql`
    with wish as (
      delete from deletion_watches w using participants p left join extensions e on e.id = p.extension_id
      where p.call_id = ${callId}::uuid and w.organization_id = p.organization_id and w.expires_at > now()
        and w.number in (p.number, e.number, e.short_number)
        and (w.owner_id is null or exists (select from participants v join extensions x on x.id = v.extension_id
          where v.call_id = p.call_id and x.owner_id = w.owner_id))
      returning w.id
    )
    update calls set deletion_requested_at = now()
    where id = ${callId}::uuid and not held_for_legal and exists (select from wish)`);
}

import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { WatchAction } from '../model/call.ts';
import type { Database, Executor } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';
import type { Context } from './context.ts';

/** How long after the request the next call is awaited (Verba, Delete Call, `status=next`). */
const NEXT_WITHIN_SECONDS = 60;
/** By how much a switch's clock may be behind that of Postgres. */
const SKEW_SECONDS = 2;

interface Wish {
  readonly action: WatchAction;
  /** The name of the marker; for MARK. */
  readonly marker?: string;
}

/** Asks for something to be done with the next call of a number; gives the wish's id. It is kept over a restart. */
export async function watchNext(
  tx: Executor,
  { principal, visibility }: Pick<Context, 'principal' | 'visibility'>,
  number: string,
  { action, marker }: Wish,
): Promise<string> {
  const id = uuidv7();
  await tx.rows(sql`
    insert into deletion_watches (id, organization_id, owner_id, requested_by, number, action, marker, expires_at)
    values (${id}::uuid, ${principal.organizationId}::uuid, ${visibility.ownerId}::uuid, ${principal.userId}::uuid,
      ${number}, ${action}, ${marker ?? null}, now() + make_interval(secs => ${NEXT_WITHIN_SECONDS}))`);
  return id;
}

/** A wish that a call has fulfilled. */
interface TakenWish {
  readonly id: string;
  readonly action: WatchAction;
  readonly requestedBy: string | null;
  /** It is to be deleted, and a legal hold forbids that. */
  readonly isRefused: boolean;
}

/**
 * Does with a call what somebody has wished before it was offered, when it gets its first legs or another one; such a
 * wish is used up by one call. A legal hold goes before a deletion, which is not kept for later. When the call was offered is what counts, however late it is heard of.
 */
export const takeWishes = (tx: Executor, callId: string) =>
  tx.rows<TakenWish>(sql`
    with wish as (
      delete from deletion_watches w using participants p left join extensions e on e.id = p.extension_id
      where p.call_id = ${callId}::uuid and w.organization_id = p.organization_id
        and p.offered_at >= w.created_at - make_interval(secs => ${SKEW_SECONDS}) and p.offered_at < w.expires_at
        and w.number in (p.number, e.number, e.short_number)
        and (w.owner_id is null or exists (select from participants v join extensions x on x.id = v.extension_id
          where v.call_id = p.call_id and x.owner_id = w.owner_id))
      returning w.id, w.organization_id, w.action, w.marker, w.requested_by
    ), marked as (
      insert into call_markers (id, organization_id, call_id, name, start_ms)
      select id, organization_id, ${callId}::uuid, marker, 0 from wish where action = 'MARK'
    ), kept as (
      select exists (select from wish where action = 'HOLD')
        or exists (select from calls where id = ${callId}::uuid and held_for_legal) as by_law
    ), deletion as (
      select id, requested_by from wish, kept where action = 'DELETE' and not by_law order by id limit 1
    ), done as (
      update calls c set held_for_legal = held_for_legal or exists (select from wish where action = 'HOLD'),
        deletion_requested_at = coalesce(deletion_requested_at, (select now() from deletion)),
        deletion_requested_by = case when deletion_requested_at is null then (select requested_by from deletion)
          else deletion_requested_by end,
        deletion_reason = case when deletion_requested_at is null then (select id from deletion)
          else deletion_reason end
      where id = ${callId}::uuid and exists (select from wish where action <> 'MARK')
    )
    select id, action, requested_by as "requestedBy", action = 'DELETE' and by_law as "isRefused"
    from wish, kept order by id`);

/**
 * Forgets wishes for which no call has come, and writes down that it is so. A call that was offered within a wish's
 * minute may be heard of much later: when a switch is back.
 */
export const forgetLapsedWishes = (database: Database) =>
  database.transaction(async (tx) => {
    const lapsed = await tx.rows<
      Omit<TakenWish, 'isRefused'> & { readonly organizationId: string }
    >(sql`
      delete from deletion_watches where expires_at < now() - interval '24 hours'
      returning id, action, requested_by as "requestedBy", organization_id as "organizationId"`);
    // One organization after the other, so that no two processes wait for each other's chains.
    lapsed.sort((one, other) => one.organizationId.localeCompare(other.organizationId));
    for (const { id, action, requestedBy, organizationId } of lapsed) {
      const entry = { operation: OPERATIONS[action], subjects: [id], userId: requestedBy };
      await writeOwnAudit(tx, organizationId, { ...entry, result: 'CALL_NOT_FOUND' });
    }
  });

const OPERATIONS: Record<WatchAction, string> = {
  DELETE: 'deleteCall',
  HOLD: 'holdCallForLegal',
  MARK: 'addMarker',
};

/** Writes down which call it was that somebody had wished for; the wish's own entry could not say. */
export async function auditWishes(
  tx: Executor,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
  wishes: readonly TakenWish[],
): Promise<void> {
  for (const { id: wishId, action, requestedBy, isRefused } of wishes) {
    await writeOwnAudit(tx, organizationId, {
      operation: OPERATIONS[action],
      subjects: [id, wishId],
      userId: requestedBy,
      result: isRefused ? 'LEGAL_HOLD' : 'OK',
    });
  }
}

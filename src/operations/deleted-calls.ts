import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';

/** What names a call on its switch, for good. */
interface SwitchName {
  readonly connector: string;
  readonly epoch: string;
  readonly nativeId: string;
}

/** Ended calls are named again by late events and old lists alone, and those are not that late. */
const NAMED_AGAIN_DAYS = 7;

/**
 * Remembers that these were deleted, by hashes of what their switch calls them: a call that it names once more stays
 * away, however soon the log's tombstone is cut off.
 */
export const rememberDeleted = (tx: Executor, callIds: readonly string[]) =>
  tx.rows(sql`
    insert into deleted_calls (connector, epoch, name_hash)
    select connector, epoch, encode(sha256(convert_to(native_id, 'UTF8')), 'hex') from calls
    where id = any(${sql.param(callIds)}::uuid[]) and connector is not null and epoch is not null
      and native_id is not null and (disposition is not distinct from 'LOST'
        or coalesce(end_recorded_at, now()) > now() - make_interval(days => ${NAMED_AGAIN_DAYS}::int))
    on conflict do nothing`);

/** Whether a call was deleted: in the log's tombstones by its id, and beyond them by its name. */
export async function wasDeleted(
  tx: Executor,
  id: string,
  { connector, epoch, nativeId }: SwitchName,
): Promise<boolean> {
  const hash = createHash('sha256').update(nativeId).digest('hex');
  const found = await tx.rows(sql`
    select from deleted_calls where connector = ${connector} and epoch = ${epoch} and name_hash = ${hash}
    union all
    select from call_changes where call_id = ${id}::uuid and kind = 'DELETED'`);
  return found.length > 0;
}

/** Forgets those of earlier runs of a switch: nobody can name them any more. */
export const forgetDeleted = (on: Executor, connector: string, epoch: string) =>
  on.rows(sql`delete from deleted_calls
    where connector = ${connector} and (epoch < ${epoch} or epoch > ${epoch})`);

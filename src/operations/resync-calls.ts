import { sql } from 'drizzle-orm';
import type { LiveCalls } from '../connectors/connector.ts';
import type { Executor } from '../store/database.ts';
import { eraseCall } from './erase-call.ts';
import { logChange } from './log-change.ts';
import { recordCall } from './record-call.ts';

interface Source {
  readonly connector: string;
  readonly keepsUserData: boolean;
}

/** Makes the database what the switch is: what we hold open and it does not list has ended, unseen. */
export async function resyncCalls(tx: Executor, source: Source, live: LiveCalls): Promise<void> {
  const listed = live.calls.map(({ nativeId }) => nativeId);
  const lost = await tx.rows<{ id: string; marked: boolean }>(sql`
    update calls set state = 'ENDED', ended_at = now(), disposition = 'LOST', ended_by = 'UNKNOWN'
    where connector = ${source.connector} and state <> 'ENDED'
      and not (epoch = ${live.epoch} and native_id = any(${sql.param(listed)}::text[]))
    returning id, deletion_requested_at is not null as marked`);
  for (const { id, marked } of lost) {
    await tx.rows(sql`update participants set state = 'ENDED', left_at = coalesce(left_at, now()), disposition = 'LOST'
      where call_id = ${id}::uuid and state <> 'ENDED'`);
    await logChange(tx, id, ['STATE']);
    if (marked) await eraseCall(tx, id);
  }
  for (const call of live.calls) await recordCall(tx, source, call);
}

import { sql } from 'drizzle-orm';
import { requireOrganization } from '../auth/principal.ts';
import { GatewayError } from '../model/errors.ts';
import type { Executor } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import type { CallSelector } from './delete-call.ts';
import { eraseMarkedCall, type MarkedCall } from './erase-call.ts';
import { lockCall, logChange } from './log-change.ts';
import { findSelected, selectCall } from './select-call.ts';
import { watchNext } from './watch-next.ts';

export interface HoldInput {
  readonly selector: CallSelector;
  readonly idempotencyKey?: string | null | undefined;
}

/** Null as the call's id when it is the next one, which is not there yet. */
export type HoldReceipt = { readonly callId: string | null };

/** Keeps a call from being deleted by anybody or by its age, until the hold is released. Twice is no error. */
export const holdCallForLegal = (context: Context, input: HoldInput) =>
  runCommand(context, {
    operation: 'holdCallForLegal',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<HoldReceipt> => {
      const selected = await selectCall(context, input.selector);
      if (selected.kind === 'NEXT') {
        return context.database.transaction(async (tx) => {
          touched.push(await watchNext(tx, context, selected.number, { action: 'HOLD' }));
          return written(tx, { callId: null });
        });
      }
      const id = selected.callId;
      touched.push(id);
      return context.database.transaction(async (tx) => {
        await setHold(tx, id, true);
        return written(tx, { callId: id });
      });
    },
  });

/** Whether what had been asked for while the hold lasted has been done now. */
export type ReleaseReceipt = { readonly callId: string; readonly isDeleted: boolean };

/** Ends a hold; a call that was marked meanwhile and has ended goes at once. A USER could hide what it did. */
export const releaseLegalHold = (context: Context, input: HoldInput) =>
  runCommand(context, {
    operation: 'releaseLegalHold',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<ReleaseReceipt> => {
      requireOrganization(context.principal);
      const { id } = await findSelected(context, input.selector, {});
      touched.push(id);
      return context.database.transaction(async (tx) => {
        const due = await setHold(tx, id, false);
        const done = { callId: id, isDeleted: due !== null };
        if (!due) return written(tx, done);
        // The release comes before what it allowed, in the audit log, too.
        await written(tx, done, tx.rows);
        await eraseMarkedCall(tx, due);
        return done;
      });
    },
  });

/** Gives the call when nothing keeps it any longer: it is marked, and has ended. */
async function setHold(tx: Executor, id: string, held: boolean): Promise<MarkedCall | null> {
  await lockCall(tx, id);
  const [call] = await tx.rows<MarkedCall & { isHeld: boolean; isDue: boolean }>(sql`
    select id, organization_id as "organizationId", held_for_legal as "isHeld",
      deletion_requested_at is not null and state = 'ENDED' as "isDue"
    from calls where id = ${id}::uuid for update`);
  if (!call) throw new GatewayError('CALL_NOT_FOUND');
  if (call.isHeld !== held) {
    await tx.rows(sql`update calls set held_for_legal = ${held} where id = ${id}::uuid`);
    await logChange(tx, id, ['STATE']);
  }
  return !held && call.isDue ? call : null;
}

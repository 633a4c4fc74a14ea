import { sql } from 'drizzle-orm';
import type { CallState } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { eraseCalls, markCalls } from './erase-call.ts';
import type { CallReference } from './find-call.ts';
import { lockCall } from './log-change.ts';
import { type CallStatus, selectCall } from './select-call.ts';
import { watchNext } from './watch-next.ts';

/** Names one call: by id, by identifier, or as the ongoing, last or next one of a number. */
export interface CallSelector extends CallReference {
  readonly number?: string | null | undefined;
  /** Tried from left to right; the first that finds a call wins. */
  readonly status?: readonly CallStatus[] | null | undefined;
}

export interface DeleteCallInput {
  readonly selector: CallSelector;
  readonly idempotencyKey?: string | null | undefined;
}

/** Null as the call's id when it is the next one, which is not there yet. */
export type DeletionReceipt = {
  readonly callId: string | null;
  readonly outcome: 'DELETED' | 'MARKED_FOR_DELETION';
};

/** Deletes an ended call with everything that names it, or marks a live one to go when it ends. */
export const deleteCall = (context: Context, input: DeleteCallInput) =>
  runCommand(context, {
    operation: 'deleteCall',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<DeletionReceipt> => {
      const selected = await selectCall(context, input.selector);
      if (selected.kind === 'NEXT') {
        return context.database.transaction(async (tx) => {
          touched.push(await watchNext(tx, context, selected.number, { action: 'DELETE' }));
          return written(tx, { callId: null, outcome: 'MARKED_FOR_DELETION' });
        });
      }
      touched.push(selected.callId);
      return context.database.transaction(async (tx) =>
        written(tx, await deleteOrMark(tx, context, selected.callId)),
      );
    },
  });

async function deleteOrMark(
  tx: Executor,
  { principal }: Context,
  callId: string,
): Promise<DeletionReceipt> {
  await lockCall(tx, callId);
  const call = await firstRow<{
    state: CallState;
    heldForLegal: boolean;
    connector: string | null;
  }>(
    tx,
    sql`select state, held_for_legal as "heldForLegal", connector from calls where id = ${callId}::uuid for update`,
  );
  if (!call) throw new GatewayError('CALL_NOT_FOUND');
  if (call.heldForLegal) throw new GatewayError('LEGAL_HOLD');
  // Of an imported call nobody would ever say that it has ended; a switch unknown here may be another Tandem's.
  if (call.state === 'ENDED' || call.connector === null) {
    await eraseCalls(tx, [callId]);
    return { callId, outcome: 'DELETED' };
  }
  await markCalls(tx, [callId], { requestedBy: principal.userId, reason: null });
  return { callId, outcome: 'MARKED_FOR_DELETION' };
}

import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { GatewayError } from '../model/errors.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import type { CallSelector } from './delete-call.ts';
import { lockCall } from './log-change.ts';
import { selectCall } from './select-call.ts';
import { watchNext } from './watch-next.ts';

/** What a marker is: a moment or a part whose end is known, the beginning of a part, or the end of one. */
export const MARKER_MODES = ['WHOLE', 'START', 'END'] as const;
type MarkerMode = (typeof MARKER_MODES)[number];

const LONGEST_NAME = 255;
/** Of one call; who reads it gets all of them. */
const MOST = 1000;
/** A day: no call that can be marked is longer. */
const LATEST_MS = 86_400_000;

export interface AddMarkerInput {
  readonly selector: CallSelector;
  readonly name: string;
  readonly mode?: MarkerMode | null | undefined;
  /** Milliseconds from the offer of the call; null means now, of a call that is up. */
  readonly startMs?: number | null | undefined;
  readonly endMs?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Null when it is to be set in the next call. */
export type MarkerReceipt = { readonly callId: string | null };

/** Marks a place in a call: as it goes, or afterwards. */
export const addMarker = (context: Context, input: AddMarkerInput) =>
  runCommand(context, {
    operation: 'addMarker',
    scope: 'CONTROL',
    input,
    run: async (touched, written): Promise<MarkerReceipt> => {
      check(input);
      const selected = await selectCall(context, input.selector);
      if (selected.kind === 'NEXT') {
        if (input.mode && input.mode !== 'WHOLE') {
          throw new GatewayError(
            'WRONG_STATE',
            'The beginning and the end of a part need a call that is up.',
          );
        }
        if ((input.startMs ?? 0) > 0 || typeof input.endMs === 'number') {
          throw new GatewayError('BAD_INPUT', 'The next call is marked at its beginning.');
        }
        return context.database.transaction(async (tx) => {
          const wish = { action: 'MARK', marker: input.name } as const;
          touched.push(await watchNext(tx, context, selected.number, wish));
          return written(tx, { callId: null });
        });
      }
      const { callId } = selected;
      touched.push(callId);
      return context.database.transaction(async (tx) => {
        await mark(tx, callId, input);
        return written(tx, { callId });
      });
    },
  });

function check({ name, mode, startMs, endMs }: AddMarkerInput) {
  // XML cannot say what is no character: it would come back as something else.
  if (name === '' || name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) {
    throw new GatewayError('BAD_INPUT', `A name takes 1 to ${LONGEST_NAME} printable characters.`);
  }
  for (const ms of [startMs, endMs]) {
    if (typeof ms === 'number' && (ms < 0 || ms > LATEST_MS)) {
      throw new GatewayError('BAD_INPUT', `A marker stands at 0 to ${LATEST_MS} ms.`);
    }
  }
  if (typeof endMs === 'number' && (typeof startMs !== 'number' || endMs < startMs)) {
    throw new GatewayError('BAD_INPUT', '`endMs` comes with a `startMs` that is before it.');
  }
  if (mode && mode !== 'WHOLE' && (startMs ?? endMs ?? null) !== null) {
    throw new GatewayError(
      'BAD_INPUT',
      'The beginning and the end of a part are marked now, without a time.',
    );
  }
}

async function mark(tx: Executor, callId: string, input: AddMarkerInput) {
  await lockCall(tx, callId);
  const call = await firstRow<{
    organizationId: string;
    isUp: boolean;
    markers: number;
    nowMs: number;
  }>(
    tx,
    sql`select organization_id as "organizationId", state <> 'ENDED' as "isUp",
        (select count(*)::int from call_markers where call_id = ${callId}::uuid) as markers,
        least(greatest(extract(epoch from now() - offered_at) * 1000, 0), ${LATEST_MS}::float8)::int as "nowMs"
      from calls where id = ${callId}::uuid`,
  );
  if (!call) throw new GatewayError('CALL_NOT_FOUND');
  const startMs = input.startMs ?? call.nowMs;
  if (input.startMs === undefined || input.startMs === null) {
    if (!call.isUp) throw new GatewayError('WRONG_STATE', 'The call has ended: say where.');
  }
  if (input.mode === 'END') return close(tx, callId, input.name, startMs);
  if (call.markers >= MOST)
    throw new GatewayError('BAD_INPUT', `A call has at most ${MOST} markers.`);
  await tx.rows(sql`
    insert into call_markers (id, organization_id, call_id, name, start_ms, end_ms, is_open)
    values (${uuidv7()}::uuid, ${call.organizationId}::uuid, ${callId}::uuid, ${input.name}, ${startMs}::int,
      ${input.endMs ?? null}::int, ${input.mode === 'START'})`);
}

async function close(tx: Executor, callId: string, name: string, endMs: number) {
  const closed = await tx.rows(sql`
    update call_markers set end_ms = greatest(start_ms, ${endMs}::int), is_open = false where id = (
      select id from call_markers where call_id = ${callId}::uuid and name = ${name} and is_open
      order by start_ms desc, id desc limit 1)
    returning true`);
  if (closed.length === 0) {
    throw new GatewayError('WRONG_STATE', 'No marker of this name has begun.');
  }
}

import { systemClock } from '../connectors/clock.ts';
import { withDeadline } from '../connectors/waiting.ts';
import type { Carrier } from '../fleet/carrier.ts';
import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { EVERYTHING } from '../model/visibility.ts';
import { readCalls } from '../store/queries/read.ts';
import { type Awaited, hasEnded, keyOf } from './await-end.ts';
import type { Context } from './context.ts';
import type { Target } from './hangup-targets.ts';

/** What became of one hang-up. */
export type Outcome = Awaited & {
  /** Null: it is done. */
  readonly refusal: GatewayError | null;
  /** The switch says that somebody else has ended it. */
  readonly wasOver: boolean;
};

/** Whether it was done. */
export const isDone = ({ refusal }: Outcome) => refusal === null;

/** Whether a switch that did not answer in time may have done it all the same. */
export const isUnknown = ({ refusal }: Outcome) => refusal?.code === 'SWITCH_TIMEOUT';

const STILL_UP = 'The switch said that it would end the call, but the call is still up.';

/** No end was seen of these: one look at their switches' own lists tells what is true, by the keys of what was awaited. */
export async function judgeHangups(
  context: Context,
  targets: readonly Target[],
  unseen: readonly Outcome[],
): Promise<ReadonlyMap<string, Outcome>> {
  if (unseen.length === 0) return new Map();
  const { switches, database } = context;
  const carriers = new Map(
    targets.map(({ call }) => [call.id, switches.get(call.connector ?? '')] as const),
  );
  const certain = await certainOf(context, carriers, unseen);
  const ids = [...new Set(unseen.map(({ callId }) => callId))];
  const calls = await readCalls(database, ids, { participants: {} }, EVERYTHING);
  const now = new Map<string, CallView>(calls.map((call) => [call.id, call]));
  const judge = (outcome: Outcome): Outcome => {
    const call = now.get(outcome.callId);
    if (!call || hasEnded(call, outcome.sequence)) return { ...outcome, refusal: null };
    const refusal = certain.has(carriers.get(outcome.callId))
      ? new GatewayError('SWITCH_FAILED', STILL_UP)
      : new GatewayError('SWITCH_TIMEOUT');
    return { ...outcome, refusal: outcome.refusal ?? refusal };
  };
  return new Map(unseen.map((outcome) => [keyOf(outcome), judge(outcome)]));
}

/** The switches whose lists were taken. */
async function certainOf(
  { confirmMs }: Context,
  carriers: ReadonlyMap<string, Carrier | undefined>,
  unseen: readonly Outcome[],
): Promise<ReadonlySet<Carrier | undefined>> {
  const those = (some: readonly Outcome[]) =>
    new Set(some.flatMap(({ callId }) => carriers.get(callId) ?? []));
  const silent = those(unseen.filter(isUnknown));
  const late = () => new GatewayError('SWITCH_TIMEOUT');
  const certain = new Set<Carrier>();
  const take = async (carrier: Carrier) => {
    const list = carrier.resync();
    // Whoever was silent already is not waited for as long again as a list may take.
    await (silent.has(carrier) ? withDeadline(systemClock, confirmMs, list, late) : list);
    certain.add(carrier);
  };
  await Promise.allSettled([...those(unseen)].map(take));
  return certain;
}

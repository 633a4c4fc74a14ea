import type { LiveCalls, SwitchCall } from '../connectors/connector.ts';
import type { HeardPress } from '../connectors/heard-press.ts';
import { type Supervised, superviseSwitch } from '../connectors/supervisor.ts';
import type { Feed } from '../feed/feed.ts';
import type { SwitchToOpen } from '../fleet/seat.ts';
import { type Tenure, TenureOver } from '../fleet/tenure.ts';
import { isEnded } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { NumberRules } from '../model/number-rules.ts';
import { storable } from '../model/storable.ts';
import type { Database, Executor } from '../store/database.ts';
import { HomelessCalls } from './homeless-calls.ts';
import { type Recorded, recordCall, type Source } from './record-call.ts';
import { recordPresses } from './record-presses.ts';
import { resyncCalls } from './resync-calls.ts';
import type { SwitchCounts } from './switch-counts.ts';
import { linkTeller, type SwitchLog } from './switch-log.ts';
import { tellUnrouted } from './tell-unrouted.ts';
import { unchangedCalls } from './unchanged-calls.ts';

interface Supervision {
  readonly database: Database;
  readonly feed: Feed;
  readonly log: SwitchLog;
  readonly one: SwitchToOpen;
  readonly tenure: Tenure;
  readonly count: SwitchCounts;
  readonly numbers: NumberRules;
  /** Whether what is pressed in calls is told and kept. */
  readonly hasDtmfEvents: boolean;
  /** How long the switch may take to answer a hang-up, from its turn on. */
  readonly hangupTimeoutMs: number;
  /** What lives on the switch has been taken over. */
  readonly onUp: (id: string) => void;
  readonly onLink: () => void;
}

/** Links to a switch and writes what it says, as long as the tenure lasts. */
export function superviseAndRecord(supervision: Supervision): Supervised {
  const { database, feed, log, one, tenure, count, hangupTimeoutMs, onUp, onLink } = supervision;
  const { id, connector } = one;
  const source = sourceOf(supervision);
  /** Each is counted once. */
  const homeless = new HomelessCalls();
  const unrouted = tellUnrouted(id, log);
  const record = async (call: SwitchCall): Promise<Recorded> => {
    const recorded = await inTenure(supervision, call, (tx) => recordCall(tx, source, call));
    if (recorded !== 'UNROUTED' && recorded !== 'AMBIGUOUS') homeless.delete(call);
    else if (isWhole(call) && homeless.add(call)) {
      count.unrouted += 1;
      unrouted.tell(call, recorded);
    }
    return recorded;
  };
  const took = (recorded: Recorded) => {
    if (recorded === 'CHANGED') feed.wake();
    if (recorded === 'DROPPED') count.dropped += 1;
  };
  const onPressed = async (said: SwitchCall, presses: readonly HeardPress[], isAgain: boolean) => {
    const call = storable(said);
    if (homeless.has(call)) return;
    const pressed = { call, presses, isAgain };
    took(await inTenure(supervision, call, (tx) => recordPresses(tx, source, pressed)));
  };
  const tell = linkTeller(id, log);
  return superviseSwitch({
    id,
    connector,
    hangupTimeoutMs,
    onCall: async (call: SwitchCall) => took(await record(storable(call))),
    ...(supervision.hasDtmfEvents && { onPressed }),
    onTooMuchPressed({ nativeId }, isFirst) {
      count.overpressed += 1;
      if (isFirst) log.warn({ connector: id, nativeId }, TOO_MUCH_PRESSED);
    },
    onLost({ nativeId }, isFirst) {
      count.lost += 1;
      if (isFirst) log.error({ connector: id, nativeId }, LOST);
    },
    unchangedOf: async ({ epoch, calls }) => {
      const ours = calls.filter((call) => !homeless.has(call));
      return unchangedCalls(database, source, storable({ epoch, calls: ours }));
    },
    onResync: async (live: LiveCalls, meanwhile: ReadonlySet<string>) => {
      const kept = { ...storable(live), meanwhile };
      const resync = { database, ...source, record, fence: tenure.fence };
      await resyncCalls(resync, kept, homeless.worthALook(kept.calls));
      count.resyncs += 1;
      feed.wake();
      onUp(id);
    },
    onFault(error) {
      if (error instanceof TenureOver) log.warn({ connector: id }, error.message);
      else {
        log.error(
          { connector: id, err: error },
          'what a switch said could not be written; its list is taken again',
        );
      }
    },
    onLink(link, lastError) {
      tell(link, lastError);
      if (link === 'STOPPED') unrouted[Symbol.dispose]();
      onLink();
    },
  });
}

/** Some switches tell of the caller first, and of the callee when it rings. */
const isWhole = (call: SwitchCall) =>
  isEnded(call) || call.parties.some(({ role }) => role === 'CALLEE');

const TOO_MUCH_PRESSED =
  'digits come faster than anybody can press them; those beyond that are not told, of this call';

const LOST =
  'while nothing can be written, more came than is kept: digits are lost, or how calls have ended';

const sourceOf = ({ one: { id, connector }, numbers }: Supervision): Source => ({
  ...{ connector: id, numbers },
  keepsUserData: connector.capabilities.has('USER_DATA'),
});

async function inTenure(
  { database, log, tenure, one }: Supervision,
  call: SwitchCall,
  write: (tx: Executor) => Promise<Recorded>,
): Promise<Recorded> {
  try {
    return await database.transaction(async (tx) => {
      const recorded = await write(tx);
      if (recorded === 'CHANGED') await tenure.fence(tx);
      return recorded;
    });
  } catch (error) {
    // What Postgres cannot keep would else hold up all other calls of the switch, list after list.
    if (!(error instanceof GatewayError)) throw error;
    log.error(
      { connector: one.id, nativeId: call.nativeId, err: error },
      'a call cannot be recorded',
    );
    return 'DROPPED';
  }
}

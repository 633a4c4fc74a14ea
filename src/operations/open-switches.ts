import type { LiveCalls, SwitchCall } from '../connectors/connector.ts';
import { type Supervised, superviseSwitch } from '../connectors/supervisor.ts';
import type { Feed } from '../feed/feed.ts';
import { joinFleet } from '../fleet/fleet.ts';
import type { SwitchToOpen } from '../fleet/seat.ts';
import { soleOwner } from '../fleet/sole-owner.ts';
import { type Tenure, TenureOver } from '../fleet/tenure.ts';
import { GatewayError } from '../model/errors.ts';
import type { Database } from '../store/database.ts';
import { type Recorded, recordCall } from './record-call.ts';
import { resyncCalls } from './resync-calls.ts';
import { noCounts, type SwitchCounts } from './switch-counts.ts';
import type { Switches } from './switches.ts';

/** Where an operator is told what a switch does. */
interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

interface Options {
  readonly database: Database;
  /** Where other processes find the same database; absent when it is this one's own. */
  readonly databaseUrl?: string | undefined;
  readonly feed: Feed;
  readonly log: Log;
  readonly switches: readonly SwitchToOpen[];
}

/** The switches at work. */
export interface OpenSwitches extends AsyncDisposable {
  readonly all: Switches;
  /** What was counted of each while its link was here. */
  readonly counts: ReadonlyMap<string, SwitchCounts>;
  /** Resolves when this one has told for the first time what lives on it. */
  linked(id: string): Promise<void>;
}

/** Keeps one link to each switch among all processes on the database, and writes what they say. */
export async function openSwitches(options: Options): Promise<OpenSwitches> {
  const { database, databaseUrl: url, log, switches } = options;
  const firstLists = new Map(switches.map(({ id }) => [id, Promise.withResolvers<void>()]));
  const onUp = (id: string) => firstLists.get(id)?.resolve();
  const counts = new Map(switches.map(({ id }) => [id, noCounts()]));
  let changed = () => {};
  const supervise = (one: SwitchToOpen, tenure: Tenure) => {
    const count = counts.get(one.id) ?? noCounts();
    return superviseFor({ ...options, one, tenure, count, onUp, onLink: () => changed() });
  };
  const onError = (error: unknown) => log.error({ err: error }, 'the switches are not in order');
  const fleet =
    url && switches.length > 0
      ? await joinFleet({ database, url, switches, supervise, onUp, onError })
      : soleOwner({ switches, supervise });
  changed = fleet.changed;
  return {
    ...{ all: fleet.carriers, counts },
    linked: async (id) => firstLists.get(id)?.promise,
    [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
  };
}

interface Supervision extends Pick<Options, 'database' | 'feed' | 'log'> {
  readonly one: SwitchToOpen;
  readonly tenure: Tenure;
  readonly count: SwitchCounts;
  readonly onUp: (id: string) => void;
  readonly onLink: () => void;
}

function superviseFor(supervision: Supervision): Supervised {
  const { database, feed, log, one, tenure, count, onUp, onLink } = supervision;
  const { id, connector } = one;
  const source = { connector: id, keepsUserData: connector.capabilities.has('USER_DATA') };
  const record = async (call: SwitchCall): Promise<Recorded> => {
    try {
      return await database.transaction(async (tx) => {
        const recorded = await recordCall(tx, source, call);
        if (recorded === 'CHANGED') await tenure.fence(tx);
        return recorded;
      });
    } catch (error) {
      // What Postgres cannot keep would else hold up all other calls of the switch, list after list.
      if (!(error instanceof GatewayError)) throw error;
      log.error(
        { connector: id, nativeId: call.nativeId, err: error },
        'a call cannot be recorded',
      );
      return 'DROPPED';
    }
  };
  return superviseSwitch({
    id,
    connector,
    onCall: async (call: SwitchCall) => {
      const recorded = await record(call);
      if (recorded === 'CHANGED') feed.wake();
      if (recorded === 'DROPPED') count.dropped += 1;
      if (recorded === 'UNROUTED') {
        count.unrouted += 1;
        log.warn(
          { connector: id, nativeId: call.nativeId },
          'no organization has the numbers of a call; it is not recorded',
        );
      }
    },
    onResync: async (live: LiveCalls) => {
      await resyncCalls({ database, ...source, record, fence: tenure.fence }, live);
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
    onLink(link) {
      log.info({ connector: id, link }, 'the link to a switch has changed');
      onLink();
    },
  });
}

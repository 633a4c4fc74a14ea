import type { LiveCalls, SwitchCall, SwitchConnector } from '../connectors/connector.ts';
import { superviseSwitch } from '../connectors/supervisor.ts';
import type { Feed } from '../feed/feed.ts';
import { GatewayError } from '../model/errors.ts';
import type { Database } from '../store/database.ts';
import { type Recorded, recordCall } from './record-call.ts';
import { resyncCalls } from './resync-calls.ts';
import type { Switches } from './switches.ts';

/** A switch by its id in the configuration. */
export interface SwitchToOpen {
  readonly id: string;
  readonly connector: SwitchConnector;
}

/** Where an operator is told what a switch does. */
interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

interface Options {
  readonly database: Database;
  readonly feed: Feed;
  readonly log: Log;
  readonly switches: readonly SwitchToOpen[];
}

/** The switches at work. */
export interface OpenSwitches extends AsyncDisposable {
  readonly all: Switches;
  /** Resolves when this one has told for the first time what lives on it. */
  linked(id: string): Promise<void>;
}

/** Keeps a link to each switch, and writes what they say. */
export function openSwitches(options: Options): OpenSwitches {
  const stack = new AsyncDisposableStack();
  const firstLists = new Map<string, Promise<void>>();
  const open = (one: SwitchToOpen) => {
    const listed = Promise.withResolvers<void>();
    firstLists.set(one.id, listed.promise);
    return [one.id, stack.use(supervise(options, one, listed.resolve))] as const;
  };
  return {
    all: new Map(options.switches.map(open)),
    linked: async (id) => firstLists.get(id),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function supervise(
  { database, feed, log }: Options,
  { id, connector }: SwitchToOpen,
  onListed: () => void,
) {
  const source = { connector: id, keepsUserData: connector.capabilities.has('USER_DATA') };
  const record = async (call: SwitchCall): Promise<Recorded> => {
    try {
      return await database.transaction((tx) => recordCall(tx, source, call));
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
      if (recorded === 'UNROUTED') {
        log.warn(
          { connector: id, nativeId: call.nativeId },
          'no organization has the numbers of a call; it is not recorded',
        );
      }
    },
    onResync: async (live: LiveCalls) => {
      await resyncCalls({ database, ...source, record }, live);
      feed.wake();
      onListed();
    },
    onFault: (error) =>
      log.error(
        { connector: id, err: error },
        'what a switch said could not be written; its list is taken again',
      ),
    onLink: (link) => log.info({ connector: id, link }, 'the link to a switch has changed'),
  });
}

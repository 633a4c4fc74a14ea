import type { Clock } from './clock.ts';
import { type PassThrough, wrapCommands } from './command-wrapper.ts';
import {
  type LiveCalls,
  type SwitchCommands,
  type SwitchConnector,
  SwitchError,
  type SwitchEvents,
  type SwitchLink,
} from './connector.ts';
import { createTurns } from './turns.ts';
import { unlessAborted, withDeadline } from './waiting.ts';

/** A link that answers in time or not at all, and is over for good once it is over. */
export interface SupervisedLink extends AsyncDisposable {
  /** Aborted when the link is gone, with the reason. */
  readonly over: AbortSignal;
  /**
   * The switch's commands; TIMEOUT when the answer does not come in time, or not before the link goes. One whose
   * turn comes when it may not be given any more is LINK_DOWN, and so is one that waited for another's TIMEOUT.
   */
  commandsWhile(may: () => boolean): SwitchCommands;
  /** All calls that live now. */
  list(): Promise<LiveCalls>;
}

interface Opening {
  readonly connector: SwitchConnector;
  readonly events: SwitchEvents;
  readonly clock: Clock;
  /** How long opening may take, and each command after it but for hang-ups. */
  readonly timeoutMs: number;
  /** How long a hang-up may take, from its turn on. */
  readonly hangupTimeoutMs: number;
  /** Aborts the opening. */
  readonly signal: AbortSignal;
}

/** Opens a link. One that opens too late is closed again, and its events are not heard. */
export async function openSupervisedLink(opening: Opening): Promise<SupervisedLink> {
  const { connector, events, clock, timeoutMs, hangupTimeoutMs, signal } = opening;
  const over = new AbortController();
  const within = (ms: number): InTime => {
    const late = () => new SwitchError('TIMEOUT', `The switch did not answer in ${ms} ms`);
    return (work) => withDeadline(clock, ms, work, late);
  };
  const inTime = within(timeoutMs);
  const connecting = connector.connect({
    call(call) {
      if (!over.signal.aborted) events.call(call);
    },
    pressed(call, press) {
      if (!over.signal.aborted) events.pressed(call, press);
    },
  });
  try {
    const link = await unlessAborted(signal, inTime(connecting));
    const inTurn = connector.hangsUpInTurn === true;
    return supervised({ link, over, inTime, hangupInTime: within(hangupTimeoutMs), inTurn });
  } catch (error) {
    over.abort(error);
    connecting.then(dispose).catch(() => {});
    throw error;
  }
}

type InTime = <Result>(work: Promise<Result>) => Promise<Result>;

interface Opened {
  readonly link: SwitchLink;
  readonly over: AbortController;
  readonly inTime: InTime;
  readonly hangupInTime: InTime;
  /** Whether hang-ups wait for each other. */
  readonly inTurn: boolean;
}

function supervised({ link, over, inTime, hangupInTime, inTurn }: Opened): SupervisedLink {
  // What is under way when the link goes may have been done: that is TIMEOUT, not LINK_DOWN.
  const end = (reason: string) =>
    over.abort(new SwitchError('TIMEOUT', `The link closed: ${reason}`));
  void link.closed.then(end);
  const answer = async <Result>(ask: () => Promise<Result>, inItsTime = inTime) => {
    if (over.signal.aborted) throw new SwitchError('LINK_DOWN', 'The link to the switch is down');
    return unlessAborted(over.signal, inItsTime(ask())).catch(rethrow);
  };
  const turns = createTurns();
  const commandsWhile = (may: () => boolean): SwitchCommands => {
    const passIn =
      (inItsTime: InTime): PassThrough =>
      (command) =>
        answer(() => {
          if (may()) return command(link);
          throw new SwitchError('LINK_DOWN', 'It is too late for this command; nothing was done');
        }, inItsTime);
    const pass = passIn(hangupInTime);
    const { hangup, hangupParty } = wrapCommands(inTurn ? turns.add(pass) : pass);
    return { ...wrapCommands(passIn(inTime)), hangup, hangupParty };
  };
  return {
    over: over.signal,
    commandsWhile,
    list: () => answer(() => link.list()),
    async [Symbol.asyncDispose]() {
      end('The supervisor closed it.');
      // A link that cannot even be closed is left behind.
      await inTime(dispose(link)).catch(() => {});
    },
  };
}

async function dispose(link: SwitchLink): Promise<void> {
  await link[Symbol.asyncDispose]();
}

function rethrow(error: unknown): never {
  if (error instanceof SwitchError) throw error;
  throw new SwitchError('SWITCH_ERROR', 'The connector failed', { cause: error });
}

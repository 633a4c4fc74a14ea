import { addAbortListener } from 'node:events';
import type { Clock } from '../clock.ts';
import { wrapCommands } from '../command-wrapper.ts';
import { type SwitchCall, SwitchError, type SwitchEvents, type SwitchLink } from '../connector.ts';
import { createSerialQueue } from '../serial-queue.ts';
import { type AmiClient, openAmi } from './ami-client.ts';
import { type Ari, openAri } from './ari-client.ts';
import { type AriEvents, openAriEvents } from './ari-events.ts';
import { Board } from './board.ts';
import { type AriEvent, type Channel, parseChannels, parseStartupTime } from './channel.ts';
import { channelControl } from './channel-control.ts';
import { commandsOf } from './commands.ts';
import { place } from './placing.ts';
import type { AsteriskSettings } from './settings.ts';

interface Opening {
  readonly settings: AsteriskSettings;
  readonly clock: Clock;
  /** What is known of Asterisk's last run; of a new one, a new board. */
  readonly memory: { board: Board | null };
  readonly events: SwitchEvents;
}

/** Opens both connections, subscribes, and learns what lives. The end of either ends the link. */
export async function openLink(opening: Opening): Promise<SwitchLink> {
  const { settings } = opening;
  const over = new AbortController();
  const inbox = new Inbox(over);
  const ari = openAri(settings, over.signal);
  const ami = await openAmi(settings.ami);
  addAbortListener(over.signal, () => ami.close());
  try {
    const stream = await openAriEvents(settings, (event) => inbox.push(event));
    addAbortListener(over.signal, () => stream.close());
    void Promise.race([ami.closed, stream.closed]).then((reason) => over.abort(reason));
    const board = await boardOf(opening, ari);
    return linkOf(opening, { over, ari, ami, stream, board, inbox });
  } catch (error) {
    const { aborted, reason } = over.signal;
    over.abort('it could not be opened');
    throw aborted ? new SwitchError('LINK_DOWN', String(reason), { cause: error }) : error;
  }
}

/** Keeps events until somebody takes them; an event that cannot be taken ends the link. */
class Inbox {
  readonly #over: AbortController;
  #kept: AriEvent[] = [];
  #take = (event: AriEvent) => {
    this.#kept.push(event);
  };

  constructor(over: AbortController) {
    this.#over = over;
  }

  push(event: AriEvent): void {
    if (this.#over.signal.aborted) return;
    try {
      if (event.type === 'ApplicationReplaced') throw new Error('Another link took over.');
      this.#take(event);
    } catch (error) {
      this.#over.abort(error instanceof Error ? error.message : String(error));
    }
  }

  open(take: (event: AriEvent) => void): void {
    this.#take = take;
    for (const event of this.#kept.splice(0)) this.push(event);
  }
}

/** Else the first event of a call would pass for the whole of it. */
async function boardOf({ memory, clock }: Opening, ari: Ari): Promise<Board> {
  const info = await ari('GET', 'asterisk/info', { query: { only: 'status' } });
  const epoch = understood(() => parseStartupTime(info.body));
  const board = memory.board?.epoch === epoch ? memory.board : new Board(epoch);
  memory.board = board;
  const mark = board.mark();
  const { body } = await ari('GET', 'channels');
  understood(() => board.sync(parseChannels(body), mark, clock.now().toISOString()));
  return board;
}

interface Open {
  readonly over: AbortController;
  readonly ari: Ari;
  readonly ami: AmiClient;
  readonly stream: AriEvents;
  readonly board: Board;
  readonly inbox: Inbox;
}

function linkOf({ settings, clock, events }: Opening, open: Open): SwitchLink {
  const { over, ari, ami, stream, board, inbox } = open;
  const closed = new Promise<string>((resolve) => {
    addAbortListener(over.signal, () => resolve(String(over.signal.reason)));
  });
  const requireOpen = () => {
    if (over.signal.aborted) throw new SwitchError('LINK_DOWN', 'The link to Asterisk is closed.');
  };
  const tell = (calls: readonly SwitchCall[]) => {
    for (const call of calls) if (!over.signal.aborted) events.call(call);
  };
  const control = channelControl(ari, ami);
  // Who listens ends with his call. One that fails is met again in the next list.
  const hangUpStrays = () => {
    for (const id of board.takeStrays()) void control.hangup(id).catch(() => {});
  };
  hangUpStrays();
  inbox.open((event) => {
    tell(board.apply(event));
    hangUpStrays();
    const pressed = board.pressed(event);
    if (pressed && !over.signal.aborted) events.pressed(pressed.call, pressed.press);
  });
  const begun = (channel: Channel) => inbox.push({ type: 'ChannelCreated', channel });
  const commands = commandsOf({
    board,
    control,
    patches: createSerialQueue(),
    recordings: createSerialQueue(),
    place: (request) => place({ ari, board, settings, begun }, request),
    endpointOf: (number) => settings.endpoint.replaceAll('{number}', number),
    context: settings.context,
    now: () => clock.now().toISOString(),
    caughtUp: () => stream.ping(),
    tell: (record) => tell(board.changed(record)),
  });
  return {
    ...wrapCommands(async (command) => {
      requireOpen();
      return command(commands);
    }),
    closed,
    async list() {
      requireOpen();
      const mark = board.mark();
      const { body } = await ari('GET', 'channels');
      // Both connections live, and what was told before the list was made has come.
      await Promise.all([stream.ping(), ami.action('Ping', [])]);
      understood(() => board.sync(parseChannels(body), mark, clock.now().toISOString()));
      hangUpStrays();
      requireOpen();
      return { epoch: board.epoch, calls: board.live() };
    },
    async [Symbol.asyncDispose]() {
      over.abort('The link was closed by its owner.');
    },
  };
}

function understood<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof SwitchError) throw error;
    throw new SwitchError('SWITCH_ERROR', 'ARI answers what is none of its documented shapes', {
      cause: error,
    });
  }
}

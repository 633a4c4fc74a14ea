import { v7 as uuidv7 } from 'uuid';
import { type Clock, systemClock } from '../connectors/clock.ts';
import { SwitchError } from '../connectors/connector.ts';
import { withDeadline } from '../connectors/waiting.ts';
import { type Alarm, createAlarm } from '../model/alarm.ts';
import { isAway } from '../store/away.ts';
import type { Bells } from './bells.ts';
import type { Command, Mailbox, Standing } from './mailbox.ts';

/** How often a caller looks by itself: a bell may be missed. */
const LOOK_MS = 500;
/** How long a list may take, which is the longest of all but hang-ups. */
const LIST_MS = 10_000;
/** How long the answer may take to its caller. */
const BACK_MS = 2000;

/** Commands that another process carries out. */
export interface Errands {
  /** Sends one, and gives what the owner's own command gave; TIMEOUT when that cannot be known. */
  run(command: Omit<Command, 'id'>): Promise<unknown>;
  /** The command of this id may be answered. */
  heed(id: string): void;
}

interface Options {
  readonly mailbox: Mailbox;
  readonly ringCommand: Bells['ringCommand'];
  /** How much longer than a command may be begun its answer is waited for. */
  readonly doMs: number;
  /** Default: the machine's time. */
  readonly clock?: Clock;
}

/** The `doMs` where a switch may take so long, in milliseconds, to answer a hang-up. */
export const doMsFor = (hangupTimeoutMs: number) => Math.max(LIST_MS, hangupTimeoutMs) + BACK_MS;

export function createErrands(options: Options): Errands {
  const { mailbox, ringCommand, doMs, clock = systemClock } = options;
  const waiting = new Map<string, Alarm>();

  async function converse(command: Command, alarm: Alarm, late: AbortSignal): Promise<unknown> {
    await mailbox.put(command).catch(unlessKnown);
    ringCommand(command.connector);
    while (!late.aborted) {
      await alarm.within(LOOK_MS);
      const standing = await mailbox.look(command.id).catch(whileAway);
      if (standing.is !== 'QUEUED' && standing.is !== 'TAKEN') return outcomeOf(standing);
    }
    throw unknown();
  }

  return {
    async run(given) {
      const command = { ...given, id: uuidv7() };
      const alarm = createAlarm();
      const late = new AbortController();
      waiting.set(command.id, alarm);
      try {
        const answer = converse(command, alarm, late.signal);
        return await withDeadline(clock, command.beginMs + doMs, answer, unknown);
      } finally {
        late.abort();
        alarm.ring();
        waiting.delete(command.id);
      }
    },
    heed: (id) => waiting.get(id)?.ring(),
  };
}

function outcomeOf(standing: Standing): unknown {
  if (standing.is === 'WITHDRAWN') {
    throw new SwitchError('LINK_DOWN', 'No process took the command in time; nothing was done');
  }
  if (standing.is !== 'ANSWERED') throw unknown();
  const { reply } = standing;
  if ('error' in reply) throw new SwitchError(reply.error.code, reply.error.message);
  return reply.result;
}

const unknown = (cause?: unknown) =>
  new SwitchError('TIMEOUT', 'The process that has the switch did not answer in time', { cause });

/** The connection broke: nobody knows whether the command is in. */
function unlessKnown(error: unknown): never {
  throw isAway(error) ? unknown(error) : error;
}

/** The database may come back before it is too late. */
function whileAway(error: unknown): Standing {
  if (isAway(error)) return { is: 'TAKEN' };
  throw error;
}

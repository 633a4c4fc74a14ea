import { doTalk, isEnded } from '../../model/call.ts';
import { isDialable } from '../../model/phone-number.ts';
import {
  type CallRef,
  type CommandOutcome,
  type PartySelector,
  type SwitchCall,
  type SwitchCommands,
  SwitchError,
  type SwitchParty,
} from '../connector.ts';
import { partyOf } from '../party.ts';
import type { SerialQueue } from '../serial-queue.ts';
import { merged, userDataText } from '../user-data.ts';
import type { Board } from './board.ts';
import { type CallRecord, liveLegs, userDataLeg } from './call-record.ts';
import { USER_DATA } from './channel.ts';
import type { ChannelControl, Done } from './channel-control.ts';
import { holdLeg, type Leg, stateOf } from './leg.ts';
import { listen } from './listening.ts';
import { setRecording } from './recording.ts';
import { callOf, userDataOf } from './switch-call.ts';

/** What commands act upon. */
export interface Desk {
  readonly board: Board;
  readonly control: ChannelControl;
  /** Patches of user data, each of which must know the one before. */
  readonly patches: SerialQueue;
  /** Changes of recordings: two that begin at once would each find none, and record twice. */
  readonly recordings: SerialQueue;
  readonly place: SwitchCommands['place'];
  /** What is dialled to ring an extension. */
  endpointOf(number: string): string;
  /** Where in the dialplan transferred calls go on; null means the context of who transfers. */
  readonly context: string | null;
  /** The present moment as ISO 8601. */
  now(): string;
  /** Resolves when all has come that Asterisk has told so far. */
  caughtUp(): Promise<void>;
  /** Tells of a change of which no event tells. */
  tell(call: CallRecord): void;
}

const DIGITS = /^[0-9*#A-D]+$/;

const unsupported = () =>
  Promise.reject(new SwitchError('UNSUPPORTED', 'Asterisk is not asked for that.'));

const NOT_DONE = {
  ...{ consult: unsupported, complete: unsupported, invite: unsupported },
  ...{ park: unsupported, unpark: unsupported },
};

/** What Tandem can tell an Asterisk. */
export const commandsOf = (desk: Desk): SwitchCommands => ({
  ...{ ...movesOf(desk), ...NOT_DONE },
  place: desk.place,
  async answer(ref, selector) {
    const found = legToCommand(desk, ref, selector);
    if (!found) return 'ALREADY_ENDED';
    const { leg } = found;
    if (!leg || !['Ring', 'Ringing'].includes(leg.channel.state)) {
      throw wrongState('This leg does not ring.');
    }
    return outcomeOf([await desk.control.answer(leg.channel)]);
  },
  async hangup(ref) {
    const record = desk.board.lookUp(ref);
    return record ? hangUp(desk, record, liveLegs(record)) : 'ALREADY_ENDED';
  },
  async hangupParty(ref, selector) {
    const found = legToCommand(desk, ref, selector);
    if (!found) return 'ALREADY_ENDED';
    const { call, record, leg } = found;
    if (leg?.isListener) return outcomeOf([await desk.control.hangup(leg.id)]);
    const lives = call.parties.filter(isTalking).length > 2;
    return hangUp(desk, record, lives && leg ? [leg] : liveLegs(record));
  },
  async patchUserData(ref, patch) {
    const record = desk.board.lookUp(ref);
    if (!record) throw wrongState('The call has ended.');
    let after = {};
    await desk.patches.add(async () => {
      after = merged(userDataOf(record), patch);
      await writeUserData(desk, record, userDataText(after));
    });
    // Else what was told before, over the other connection, would bring back what is gone.
    await desk.caughtUp();
    return after;
  },
  async sendDtmf(ref, digits) {
    const record = desk.board.lookUp(ref);
    if (!record) return 'ALREADY_ENDED';
    if (!DIGITS.test(digits)) throw new SwitchError('INVALID_ARGUMENT', 'Not DTMF digits.');
    const { state, parties } = callOf(record, ref.epoch);
    if (state !== 'CONNECTED' && !doTalk(parties)) throw wrongState('The call is not connected.');
    // Nothing says which end is the far one, and its own phone only hears a beep.
    const talking = liveLegs(record).filter((leg) => stateOf(leg) === 'CONNECTED');
    return outcomeOf(
      await Promise.all(talking.map(({ channel }) => desk.control.sendDtmf(channel, digits))),
    );
  },
  async setHold(ref, selector, on) {
    const found = legToCommand(desk, ref, selector);
    if (!found) return 'ALREADY_ENDED';
    const { record, leg } = found;
    if (!leg || stateOf(leg) !== (on ? 'CONNECTED' : 'HELD')) {
      throw wrongState(on ? 'This leg is not connected.' : 'This leg is not on hold.');
    }
    const { done, isTold } = await desk.control.setHold(leg.channel, on);
    if (done === 'DONE' && !isTold) {
      holdLeg(leg, on, desk.now());
      desk.tell(record);
    }
    return outcomeOf([done]);
  },
  async setRecording(ref, state) {
    const record = desk.board.lookUp(ref);
    if (!record) return 'ALREADY_ENDED';
    return desk.recordings.add(async () => {
      const done = await setRecording(desk.control, record, { state, now: desk.now() });
      desk.tell(record);
      return outcomeOf([done]);
    });
  },
});

const isTalking = (party: SwitchParty) => !isEnded(party) && party.role !== 'LISTENER';

/** Where a call goes on, and who comes to it. */
const movesOf = (desk: Desk): Pick<SwitchCommands, 'transfer' | 'redirect' | 'listen'> => ({
  async listen(ref, selector, request) {
    const found = legToCommand(desk, ref, selector);
    if (!found) return 'ALREADY_ENDED';
    return outcomeOf([await listen(desk, found.record, found.leg, request)]);
  },
  async transfer(ref, selector, { to }) {
    if (!isDialable(to)) throw new SwitchError('INVALID_ARGUMENT', 'That cannot be dialled.');
    const found = legToCommand(desk, ref, selector);
    if (!found) return 'ALREADY_ENDED';
    const { record, leg } = found;
    const talking = liveLegs(record).filter((each) => each.channel.state === 'Up');
    if (!leg || !talking.includes(leg) || talking.length !== 2) {
      throw wrongState('This leg does not talk with one other.');
    }
    return outcomeOf([await desk.control.transfer(leg.channel, to, desk.context)]);
  },
  async redirect(ref, selector, { to }) {
    if (!isDialable(to)) throw new SwitchError('INVALID_ARGUMENT', 'That cannot be dialled.');
    const found = legToCommand(desk, ref, selector);
    if (!found) return 'ALREADY_ENDED';
    const { record, leg } = found;
    const [caller] = liveLegs(record);
    if (!leg || !caller || leg === caller || stateOf(leg) !== 'RINGING') {
      throw wrongState('This leg does not ring.');
    }
    return outcomeOf([await desk.control.redirect(caller.channel, to, desk.context)]);
  },
});

/** The leg that is meant, absent while it is only expected; null when it or its call has ended. */
function legToCommand({ board }: Desk, ref: CallRef, selector: PartySelector) {
  const record = board.lookUp(ref);
  if (!record) return null;
  const call: SwitchCall = callOf(record, ref.epoch);
  const party: SwitchParty = partyOf(call, selector);
  if (isEnded(party)) return null;
  return { record, call, leg: record.legs[call.parties.indexOf(party)] };
}

/** The caller first: else the dialplan, left alone with it, would seek somebody else for it. */
async function hangUp(
  { board, control }: Desk,
  record: CallRecord,
  legs: readonly Leg[],
): Promise<CommandOutcome> {
  const [first, ...rest] = legs.map(({ id }) => id);
  if (first === undefined) return 'ALREADY_ENDED';
  board.noteAsked(record, legs);
  const done = await control.hangup(first);
  return outcomeOf([done, ...(await Promise.all(rest.map((id) => control.hangup(id))))]);
}

async function writeUserData({ control }: Desk, record: CallRecord, text: string): Promise<void> {
  const live = liveLegs(record);
  const held = userDataLeg(record);
  const leg = held && held.leftAt === null ? held : live[0];
  const done = leg ? await control.setVariable(leg.channel, USER_DATA, text) : 'GONE';
  if (!leg || done === 'GONE') throw wrongState('The call has ended.');
  // What others still say, having inherited it or come from another call, is no longer so.
  const others = live.filter((each) => each !== leg && each.userDataText !== '');
  await Promise.all(others.map(({ channel }) => control.setVariable(channel, USER_DATA, '')));
  for (const other of record.legs) other.userDataText = '';
  leg.userDataText = text;
}

const outcomeOf = (done: readonly Done[]): CommandOutcome =>
  done.includes('DONE') ? 'ACCEPTED' : 'ALREADY_ENDED';

const wrongState = (message: string) => new SwitchError('WRONG_STATE', message);

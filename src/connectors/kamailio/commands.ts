import { setTimeout } from 'node:timers/promises';
import type { Json, JsonObject } from '../../model/json.ts';
import {
  type CallRef,
  type CommandOutcome,
  type SwitchCommands,
  SwitchError,
} from '../connector.ts';
import { partyOf } from '../party.ts';
import { createSerialQueue } from '../serial-queue.ts';
import { merged, userDataText } from '../user-data.ts';
import { dialogOf, isAnswered, isConfirmed, type Listed } from './dialog.ts';
import type { KnownCalls } from './known-calls.ts';
import type { Switchboard } from './switchboard.ts';
import { callOf, userDataOf } from './translate.ts';

/** What Kamailio's list has room for; tandem.cfg takes no more from an INVITE. */
const MOST_USER_DATA = 1000;
/** Of a longer Call-ID, in bytes, tm.cancel of Kamailio 5.6 dies with all its calls. */
const LONGEST_CALL_ID = 1000;
/** How long an answered call may take until Kamailio knows all of it. */
const MOST_LOOKS = 20;
const LOOK_EVERY_MS = 10;
/** A phone that has not answered CANCEL by then, sent twice, is not there any more. Whoever hangs up waits twice as long. */
const CANCEL_MS = 1000;

interface Commanded {
  readonly switchboard: Switchboard;
  readonly epoch: string;
  readonly known: KnownCalls;
}

/** What Kamailio does on our word. */
export function commandsOf(commanded: Commanded): SwitchCommands {
  const patches = createSerialQueue();
  return {
    place: () => unsupported(),
    answer: () => unsupported(),
    sendDtmf: () => unsupported(),
    setHold: () => unsupported(),
    transfer: () => unsupported(),
    consult: () => unsupported(),
    complete: () => unsupported(),
    invite: () => unsupported(),
    listen: () => unsupported(),
    redirect: () => unsupported(),
    setRecording: () => unsupported(),
    park: () => unsupported(),
    unpark: () => unsupported(),
    hangup: (ref) => hangUp(commanded, ref),
    async hangupParty(ref, selector) {
      const dialog = await find(commanded, ref);
      const facts = dialog && dialogOf(dialog);
      if (!facts) return 'ALREADY_ENDED';
      partyOf(callOf(ref.epoch, facts), selector);
      // One of two cannot stay alone.
      return hangUp(commanded, ref);
    },
    // Between reading and writing nobody else may write.
    patchUserData: (ref, patch) => patches.add(() => patchUserData(commanded, ref, patch)),
  };
}

const unsupported = () =>
  Promise.reject(new SwitchError('UNSUPPORTED', 'Kamailio cannot do that.'));

/** The dialog of a live call, or null when the call is over. */
async function find(
  { switchboard, epoch, known }: Commanded,
  ref: CallRef,
): Promise<Listed | null> {
  const dialog = ref.epoch === epoch ? await switchboard.find(ref) : null;
  if (!dialog && !(ref.epoch === epoch && known.has(ref.nativeId))) {
    throw new SwitchError('CALL_NOT_FOUND', 'Kamailio has no such call.');
  }
  return dialog;
}

async function hangUp(commanded: Commanded, ref: CallRef): Promise<CommandOutcome> {
  const { switchboard, known } = commanded;
  const dialog = await find(commanded, ref);
  if (!dialog) return 'ALREADY_ENDED';
  if (isAnswered(dialog)) return sendByes(commanded, ref, dialog);
  if (Buffer.byteLength(dialog.callid) > LONGEST_CALL_ID) {
    throw new SwitchError('SWITCH_ERROR', 'Kamailio cannot cancel a call with so long a Call-ID.');
  }
  known.cancel(ref.nativeId);
  await switchboard.call('tm.cancel', [dialog.callid, dialog.cseq]);
  // Not awaited: others wait for their turn, and whoever hangs up waits for the end itself.
  void refuseCaller(commanded, ref).catch(() => {});
  return 'ACCEPTED';
}

/** A callee that is silent must not leave the caller ringing: until then Kamailio would wait as long as for an answer. */
async function refuseCaller(commanded: Commanded, ref: CallRef): Promise<void> {
  const { switchboard } = commanded;
  await setTimeout(CANCEL_MS, undefined, { ref: false });
  const dialog = await switchboard.find(ref);
  if (dialog && isAnswered(dialog)) {
    // Its answer has crossed the CANCEL.
    await sendByes(commanded, ref, dialog);
    return;
  }
  if (!dialog?.transaction) return;
  await switchboard.call('tm.reply', [487, 'Request Terminated', dialog.transaction, '', '', '']);
}

/**
 * Each phone gets its own BYE. Kamailio's dlg.end_dlg sends them one after the other, and forgets the second when
 * the phone that got the first has answered by then.
 */
async function sendByes(
  { switchboard }: Commanded,
  ref: CallRef,
  answered: Listed,
): Promise<CommandOutcome> {
  let dialog: Listed | null = answered;
  for (let look = 0; dialog && !isConfirmed(dialog) && look < MOST_LOOKS; look += 1) {
    await setTimeout(LOOK_EVERY_MS);
    dialog = await switchboard.find(ref);
  }
  if (!dialog) return 'ALREADY_ENDED';
  await switchboard.call('tm.t_uac_start', byeToCallee(dialog));
  await switchboard.act(dialog, { op: 'bye-caller' });
  return 'ACCEPTED';
}

/** As if the caller sent it. */
function byeToCallee(dialog: Listed): string[] {
  const { caller, callee, from_uri, to_uri, callid } = dialog;
  const route = callee.route_set;
  const [, firstHop] = /^\s*<([^>]+)>/.exec(route) ?? [];
  const headers = [
    `From: <${from_uri}>;tag=${caller.tag}`,
    `To: <${to_uri}>;tag=${callee.tag}`,
    `Call-ID: ${callid}`,
    // The caller's phone may have asked for more within the dialog since Kamailio counted.
    `CSeq: ${Number(caller.cseq) + 10} BYE`,
    'Reason: Q.850;cause=16;text="operator"',
    ...(route ? [`Route: ${route}`] : []),
  ];
  return ['BYE', callee.contact, firstHop ?? '.', callee.socket, `${headers.join('\r\n')}\r\n`];
}

async function patchUserData(
  commanded: Commanded,
  ref: CallRef,
  patch: Readonly<Record<string, Json>>,
): Promise<JsonObject> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const dialog = await find(commanded, ref);
    const facts = dialog && dialogOf(dialog);
    if (!facts) break;
    const before = userDataOf(facts);
    const data = merged(before, patch);
    const value = textInRoom(data, before);
    if (await commanded.switchboard.act(dialog, { op: 'userdata', value })) {
      return data;
    }
    // Answered in the meantime, it has another tag by now.
    await setTimeout(LOOK_EVERY_MS);
  }
  throw new SwitchError('WRONG_STATE', 'The call has ended.');
}

/** A header that is no JSON, or not of UTF-8, takes more as JSON than it took: what does not grow is let through. */
function textInRoom(data: JsonObject, before: JsonObject): string {
  const text = userDataText(data);
  const bytes = Buffer.byteLength(text);
  const had = Buffer.byteLength(userDataText(before));
  if (bytes <= Math.max(MOST_USER_DATA, had)) return text;
  const most = `A call's user data takes at most ${MOST_USER_DATA} bytes of JSON in Kamailio`;
  throw new SwitchError(
    'INVALID_ARGUMENT',
    `${most}; this one has ${had}, and would have ${bytes}.`,
  );
}

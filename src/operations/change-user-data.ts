import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Executor, Transaction } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { CallInput, CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findExtensionById } from './find-extension.ts';
import { lockNamed } from './lock-named.ts';
import { findNamed, type Named } from './select-call.ts';
import {
  type Change,
  checkHeld,
  type Erases,
  merged,
  type Patch,
  patchStoredData,
  writeUserData,
} from './stored-user-data.ts';
import { carrierOf, commanding, hasUserData, settling } from './switches.ts';
import { checkUserData } from './user-data-rules.ts';

/** One of the mutations of user data. */
export interface Step {
  readonly operation: string;
  readonly erases: Erases;
  /** Keys and their new values; null takes a key away. */
  patch(call: CallView): Patch;
}

/** Which call: by a number and its status, too. */
export type UserDataInput = CallInput &
  Named & {
    /** An extension that must have had part in it, and be visible. */
    readonly extensionId?: string | null | undefined;
  };

/** What there is to know of the call: the rest of it costs more than the change. */
const DATA = { userData: true };
const WITH_PARTS = { ...DATA, participants: { extension: {} } };

/** Reads what an answer tells of a call: on the connection of the transaction that changes it, or not at all. */
export type ReadAnswer = (on: Executor, callId: string) => Promise<void>;

/** Runs a mutation of user data. */
export async function changeUserData(
  context: Context,
  input: UserDataInput,
  step: Step,
  answer?: ReadAnswer,
): Promise<CallReceipt> {
  let answering: Promise<void> | undefined;
  const receipt = await runCommand<CallReceipt>(context, {
    operation: step.operation,
    scope: 'CONTROL',
    input,
    run: async (touched, written) => {
      const job: Job = {
        ...{ context, input, step, touched },
        finish: (tx, callId) => {
          // Behind the change, in front of the audit entry, for which others wait: no turn goes by for it.
          answering = answer?.(tx, callId);
          answering?.catch(() => {});
          return written(tx, { callId });
        },
      };
      return (await changeHere(job)) ?? (await changeAnywhere(job));
    },
  });
  await answering;
  return receipt;
}

interface Job {
  readonly context: Context;
  readonly input: UserDataInput;
  readonly step: Step;
  readonly touched: string[];
  /** Ends the transaction that has done it. */
  finish(tx: Transaction, callId: string): Promise<CallReceipt>;
}

/** In one transaction, a call that is named and has its user data here alone. Null, and nothing is done, where it may be otherwise. */
function changeHere({ context, input, step, touched, finish }: Job): Promise<CallReceipt | null> {
  const { database, switches } = context;
  if (input.extensionId || input.selector) return Promise.resolve(null);
  return database.transaction(async (tx) => {
    const found = await lockNamed(tx, context, input);
    if (!found || hasUserData(switches, found.call)) return null;
    const { id } = found.call;
    touched.push(id);
    writeUserData(tx, id, found, storedChange(step, step.patch(found.call)));
    return finish(tx, id);
  });
}

/** Any call: on the switch first, when it has user data there. */
async function changeAnywhere({ context, input, step, touched, finish }: Job) {
  const { extensionId } = input;
  const call = await findNamed(context, input, extensionId ? WITH_PARTS : DATA);
  if (typeof extensionId === 'string') await checkPart(context, call, extensionId);
  touched.push(call.id);
  const patch = step.patch(call);
  if (call.heldForLegal) checkHeld(call.userData ?? {}, patch, step.erases);
  if (step.erases === 'NOTHING') checkUserData(merged(call.userData ?? {}, patch));
  const isOnSwitch = hasUserData(context.switches, call);
  const sentAt = performance.now();
  const change: Change = isOnSwitch
    ? { patch: await onSwitch(context, call, patch, step.erases), erases: step.erases, sentAt }
    : storedChange(step, patch);
  return context.database.transaction(async (tx) => {
    await patchStoredData(tx, call.id, change);
    return finish(tx, call.id);
  });
}

/** Of what is here alone everything goes, whatever has come since the call was read. */
const storedChange = ({ erases }: Step, patch: Patch): Change =>
  erases === 'ALL' ? { erases, patch: 'CLEAR' } : { erases, patch };

async function checkPart(context: Context, { participants = [] }: CallView, extensionId: string) {
  const { id } = await findExtensionById(context, extensionId);
  if (participants.some(({ extension }) => extension?.id === id)) return;
  throw new GatewayError('CALL_NOT_FOUND', 'The extension has no part in the call.');
}

/** What is attached again and again comes after the deletion. */
const MOST_LOOKS = 3;

/** On the switch first: when it refuses, nothing has changed. Gives what has changed there. */
async function onSwitch({ switches }: Context, call: CallView, patch: Patch, erases: Erases) {
  const { carrier, ref } = carrierOf(switches, call, 'USER_DATA');
  const send = (part: Patch) => commanding(carrier.commands.patchUserData(ref, part));
  let done = patch;
  let left = await send(patch);
  // Attached since the call was read.
  for (let look = 1; look < MOST_LOOKS && erases === 'ALL' && hasKeys(left); look += 1) {
    const more = without(left);
    left = await send(more);
    done = { ...done, ...more };
  }
  // Its older events carry the data as it was: they must be through before the row is written.
  await settling(carrier);
  return done;
}

const hasKeys = (data: JsonObject) => Object.keys(data).length > 0;

/** The patch that takes all of this away. */
export const without = (data: JsonObject): Patch =>
  Object.fromEntries(Object.keys(data).map((key) => [key, null]));

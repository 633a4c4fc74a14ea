import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import { runCommand } from './command.ts';
import type { CallInput, CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findExtensionById } from './find-extension.ts';
import { findNamed, type Named } from './select-call.ts';
import { checkHeld, type Erases, merged, type Patch, patchStoredData } from './stored-user-data.ts';
import { carrierOf, commanding, hasUserData, settling } from './switches.ts';
import { checkUserData, pairsOf } from './user-data-rules.ts';

interface Step {
  readonly operation: string;
  readonly erases: Erases;
  /** Keys and their new values; null takes a key away. */
  patch(call: CallView): Patch;
}

/** A call, by a number and its status, too. */
type Input = CallInput &
  Named & {
    /** An extension that must have had part in it, and be visible. */
    readonly extensionId?: string | null | undefined;
  };

/** What there is to know of the call: the rest of it costs more than the change. */
const DATA = { userData: true };
const WITH_PARTS = { ...DATA, participants: { extension: {} } };

function changeUserData(context: Context, input: Input, step: Step): Promise<CallReceipt> {
  return runCommand(context, {
    operation: step.operation,
    scope: 'CONTROL',
    input,
    run: async (touched, written) => {
      const { extensionId } = input;
      const call = await findNamed(context, input, extensionId ? WITH_PARTS : DATA);
      if (typeof extensionId === 'string') await checkPart(context, call, extensionId);
      touched.push(call.id);
      const patch = step.patch(call);
      if (call.heldForLegal) checkHeld(call.userData ?? {}, patch, step.erases);
      if (step.erases === 'NOTHING') checkUserData(merged(call.userData ?? {}, patch));
      const isOnSwitch = hasUserData(context.switches, call);
      const sentAt = performance.now();
      const done = isOnSwitch ? await onSwitch(context, call, patch, step.erases) : patch;
      return context.database.transaction(async (tx) => {
        const isWhole = step.erases === 'ALL' && !isOnSwitch;
        await patchStoredData(tx, call.id, {
          ...{ patch: isWhole ? 'CLEAR' : done, erases: step.erases },
          ...(isOnSwitch && { sentAt }),
        });
        return written(tx, { callId: call.id });
      });
    },
  });
}

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
const without = (data: JsonObject): Patch =>
  Object.fromEntries(Object.keys(data).map((key) => [key, null]));

/** Adds pairs; the value of a key that is there already is replaced (Genesys, AttachUserData). */
export const attachUserData = (
  context: Context,
  input: Input & { readonly userData: JsonObject },
) =>
  changeUserData(context, input, {
    operation: 'attachUserData',
    erases: 'NOTHING',
    patch: () => pairsOf(input.userData),
  });

/** Replaces the values of pairs, and adds those that are missing (Genesys, UpdateUserData: live servers merge). */
export const updateUserData = (
  context: Context,
  input: CallInput & { readonly userData: JsonObject },
) =>
  changeUserData(context, input, {
    operation: 'updateUserData',
    erases: 'NOTHING',
    patch: () => pairsOf(input.userData),
  });

/** Takes one pair away, from the log's snapshots, too; a key that is not there is no error. */
export const deleteUserDataPair = (context: Context, input: CallInput & { readonly key: string }) =>
  changeUserData(context, input, {
    operation: 'deleteUserDataPair',
    erases: 'KEYS',
    patch: () => ({ [input.key]: null }),
  });

/** Takes all user data away: on the switch, in the row, and in what the log has kept. */
export const deleteUserData = (context: Context, input: CallInput) =>
  changeUserData(context, input, {
    operation: 'deleteUserData',
    erases: 'ALL',
    patch: ({ userData }) => without(userData ?? {}),
  });

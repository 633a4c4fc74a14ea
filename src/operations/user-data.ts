import type { CallView } from '../model/call.ts';
import type { JsonObject } from '../model/json.ts';
import {
  changeUserData,
  type UserDataInput as Input,
  type ReadAnswer,
  type Step,
  without,
} from './change-user-data.ts';
import type { CallInput } from './command-call.ts';
import type { Context } from './context.ts';
import { pairsOf } from './user-data-rules.ts';

/** Adds pairs; the value of a key that is there already is replaced (Genesys, AttachUserData). */
export const attachUserData = (
  context: Context,
  input: Input & { readonly userData: JsonObject },
  answer?: ReadAnswer,
) => {
  const patch = () => pairsOf(input.userData);
  const step: Step = { operation: 'attachUserData', erases: 'NOTHING', patch };
  return changeUserData(context, input, step, answer);
};

/** Replaces the values of pairs, and adds those that are missing (Genesys, UpdateUserData: live servers merge). */
export const updateUserData = (
  context: Context,
  input: CallInput & { readonly userData: JsonObject },
  answer?: ReadAnswer,
) => {
  const patch = () => pairsOf(input.userData);
  const step: Step = { operation: 'updateUserData', erases: 'NOTHING', patch };
  return changeUserData(context, input, step, answer);
};

/** Takes one pair away, from the log's snapshots, too; a key that is not there is no error. */
export const deleteUserDataPair = (
  context: Context,
  input: CallInput & { readonly key: string },
  answer?: ReadAnswer,
) => {
  const patch = () => ({ [input.key]: null });
  const step: Step = { operation: 'deleteUserDataPair', erases: 'KEYS', patch };
  return changeUserData(context, input, step, answer);
};

/** Takes all user data away: on the switch, in the row, and in what the log has kept. */
export const deleteUserData = (context: Context, input: CallInput, answer?: ReadAnswer) => {
  const patch = ({ userData }: CallView) => without(userData ?? {});
  const step: Step = { operation: 'deleteUserData', erases: 'ALL', patch };
  return changeUserData(context, input, step, answer);
};

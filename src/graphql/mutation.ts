import type { InputFieldBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { ReadAnswer } from '../operations/change-user-data.ts';
import type { Context } from '../operations/context.ts';
import { isSmallCall, readCalls } from '../store/queries/read.ts';
import type { builder } from './builder.ts';
import { CallIdentifierInput, CallSelectorInput } from './call-inputs.ts';
import { CallRef } from './refs.ts';
import { below, selectionOf } from './selection.ts';
import { callShape } from './shapes.ts';

/** What builds the fields of an input. */
export type Fields = InputFieldBuilder<
  typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never,
  'InputObject'
>;

/** The key under which a repeated request gets its first answer again. */
export const onceField = (t: Fields) => ({
  idempotencyKey: t.string({
    description:
      'The same key, of at most 255 characters, with the same input gives the first answer again for 24 hours, and does nothing.',
  }),
});

/** How a new call is to be. */
export const mannerFields = (t: Fields) => ({
  userData: t.field({ type: 'JSON', description: 'User data to go with the call.' }),
  ringSeconds: t.int({
    description:
      'How long the switch waits until the call begins to be answered, 1 to 300 seconds. Default: as the switch does.',
  }),
  maxSeconds: t.int({
    description:
      'How long the call may last, ringing included, 1 to 86400 seconds; then the switch ends it. Default: as the switch does.',
  }),
  callerName: t.string({
    description: 'The name to show for the caller, of at most 64 characters, where the switch can.',
  }),
});

/** The inputs of every mutation of one call. */
export const callFields = (t: Fields) => ({
  callId: t.id({ description: 'Tandem’s id of the call; or use `identifier`.' }),
  identifier: t.field({
    type: CallIdentifierInput,
    description: 'The call’s name in another system; or use `callId`.',
  }),
  ...onceField(t),
});

/** Which leg of it is meant. */
export const legField = (t: Fields) => ({
  participant: t.string({
    description:
      'Whose leg is meant, by its `sequence`; a USER has only those of its own extensions. Default: your own.',
  }),
});

/** Another way to name it. */
export const selectorField = (t: Fields) =>
  t.field({
    type: CallSelectorInput,
    description: 'Which call, by a number and its status; instead of `callId` or `identifier`.',
  });

/** The calls of a receipt as they are now, in its order; those deleted meanwhile are missing. */
export async function callsOf(
  { database, visibility }: Context,
  ids: readonly string[],
  info: GraphQLResolveInfo,
): Promise<CallView[]> {
  if (ids.length === 0) return [];
  const found = await readCalls(database, ids, callShape(selectionOf(info)), visibility);
  return ids.flatMap((id) => found.find((call) => call.id === id) ?? []);
}

/** The one call of a receipt as it is now. */
export async function callOf(context: Context, id: string, info: GraphQLResolveInfo) {
  const [call] = await callsOf(context, [id], info);
  if (!call) throw new GatewayError('CALL_NOT_FOUND', 'The call has been deleted meanwhile.');
  return call;
}

/** What the payload of a mutation of one call is made of. */
interface Done {
  readonly callId: string;
  /** As far as it has been asked for; absent where it is still to be read. */
  readonly call?: CallView | undefined;
}

/**
 * Runs a mutation of one call that can read its answer in its own transaction. Only what takes no longer than the change:
 * the call is locked meanwhile.
 */
export async function answeredOnTheWay(
  { visibility }: Context,
  info: GraphQLResolveInfo,
  run: (read: ReadAnswer) => Promise<Done>,
): Promise<Done> {
  let call: CallView | undefined;
  const asked = below(selectionOf(info), 'call');
  const receipt = await run(async (on, callId) => {
    const shape = callShape(asked);
    if (asked.length > 0 && isSmallCall(shape)) {
      [call] = await readCalls(on, [callId], shape, visibility);
    }
  });
  return { ...receipt, call };
}

/** The payload of every mutation of one call. */
export const callPayload = {
  outputFields: (
    t: PothosSchemaTypes.ObjectFieldBuilder<
      typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never,
      Done
    >,
  ) => ({
    call: t.field({
      type: CallRef,
      description: 'The call as it is now.',
      resolve: ({ call, callId }, _, context, info) => call ?? callOf(context, callId, info),
    }),
  }),
};

import type { CallView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { type IdentifierScheme, isUuid } from '../model/identifiers.ts';
import type { CallShape } from '../model/shape.ts';
import { readCalls, readCallsNamed } from '../store/queries/read.ts';
import type { Context } from './context.ts';

/** Which call is meant: by Tandem's id, or by its name in one system. Exactly one of them. */
export interface CallReference {
  readonly callId?: string | null | undefined;
  readonly identifier?:
    | { readonly scheme: IdentifierScheme; readonly value: string }
    | null
    | undefined;
}

/** All that commands need to know of a call. */
const FOR_COMMANDS: CallShape = {
  userData: true,
  consultation: true,
  participants: { extension: {} },
};

/** The call, or a refusal: not there and not yours are the same. */
export async function findCall(
  { database, visibility }: Context,
  { callId, identifier }: CallReference,
  shape: CallShape = FOR_COMMANDS,
): Promise<CallView> {
  if ((callId ? 1 : 0) + (identifier ? 1 : 0) !== 1) {
    throw new GatewayError(
      'BAD_INPUT',
      'Name the call by exactly one of its id and an identifier.',
    );
  }
  const found = identifier
    ? await readCallsNamed(database, identifier, shape, visibility)
    : await readCalls(database, callId && isUuid(callId) ? [callId] : [], shape, visibility);
  if (found.length > 1) throw new GatewayError('CALL_AMBIGUOUS');
  const [call] = found;
  if (!call) throw new GatewayError('CALL_NOT_FOUND');
  return call;
}

import { GatewayError } from '../../model/errors.ts';
import type { Execute } from '../dialect.ts';
import { capabilitiesOf, isDocumented } from './call-capabilities.ts';
import { type CallData, GetCall } from './call-documents.ts';
import { callResource, type GenesysState, legOf, stateOf } from './call-resource.ts';

/** A call, and where the user's own leg stands in it. */
interface Standing {
  readonly call: CallData;
  readonly state: GenesysState;
}

/**
 * Refuses what GWS does not have in the state of the user's own leg, such as Hangup of a call that rings, and calls that
 * it does not have at all, such as those of the user's queues; Tandem's own model is wider. Everything else the command
 * itself refuses, and says why. Throws `GatewayError` WRONG_STATE or CALL_NOT_FOUND.
 */
export async function permitOperation(name: string, id: string, execute: Execute): Promise<void> {
  const standing = await standingOf(id, execute);
  if (standing && !isPermitted(name, standing)) throw new GatewayError('WRONG_STATE');
}

/** GWS swaps the two calls of a consultation, and Tandem's own model any two. */
const isPermitted = (name: string, { call, state }: Standing): boolean =>
  name === 'SwapCalls' ? capabilitiesOf(call, state).includes(name) : isDocumented(name, state);

/**
 * How a call stands for the user; null of one that cannot be seen, which is left to the command: that knows whether it
 * is there. Throws `GatewayError` CALL_NOT_FOUND of one that GWS does not have.
 */
export async function standingOf(id: string, execute: Execute): Promise<Standing | null> {
  const { viewer, call } = await execute(GetCall, { id }).catch(nothingSeen);
  const viewpoint = { userId: viewer.id, base: '' };
  if (!call) return null;
  const leg = callResource(call, viewpoint) ? legOf(call, viewpoint) : undefined;
  if (!leg) throw new GatewayError('CALL_NOT_FOUND');
  return { call, state: stateOf(leg) };
}

/** A token may command and not read: then the command alone decides. */
function nothingSeen(error: unknown) {
  if (error instanceof GatewayError && error.code === 'FORBIDDEN') {
    return { viewer: { id: '' }, call: null };
  }
  throw error;
}

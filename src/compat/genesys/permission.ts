import { GatewayError } from '../../model/errors.ts';
import type { Execute } from '../dialect.ts';
import { isDocumented } from './call-capabilities.ts';
import { GetCall } from './call-documents.ts';
import { callResource, legOf, stateOf } from './call-resource.ts';

/**
 * Refuses what GWS does not have in the state of the user's own leg, such as Hangup of a call that rings, and calls that
 * it does not have at all, such as those of the user's queues; Tandem's own model is wider. Everything else the command
 * itself refuses, and says why. Throws `GatewayError` WRONG_STATE or CALL_NOT_FOUND.
 */
export async function permitOperation(name: string, id: string, execute: Execute): Promise<void> {
  const { viewer, call } = await execute(GetCall, { id }).catch(nothingSeen);
  const viewpoint = { userId: viewer.id, base: '' };
  // A call that cannot be seen is left to the command, which knows whether it is there.
  if (!call) return;
  const leg = callResource(call, viewpoint) ? legOf(call, viewpoint) : undefined;
  if (!leg) throw new GatewayError('CALL_NOT_FOUND');
  if (!isDocumented(name, stateOf(leg))) throw new GatewayError('WRONG_STATE');
}

/** A token may command and not read: then the command alone decides. */
function nothingSeen(error: unknown) {
  if (error instanceof GatewayError && error.code === 'FORBIDDEN') {
    return { viewer: { id: '' }, call: null };
  }
  throw error;
}

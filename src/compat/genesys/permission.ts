import { GatewayError } from '../../model/errors.ts';
import type { Execute } from '../dialect.ts';
import { isDocumented } from './call-capabilities.ts';
import { GetCall } from './call-documents.ts';
import { callResource, legOf, stateOf } from './call-resource.ts';

/**
 * Refuses what GWS does not have in the state of the user's own leg, such as Hangup of a call that rings; Tandem's own
 * model is wider. Everything else the command itself refuses, and says why. Throws `GatewayError` WRONG_STATE.
 */
export async function permitOperation(name: string, id: string, execute: Execute): Promise<void> {
  const { viewer, call } = await execute(GetCall, { id }).catch(nothingSeen);
  const viewpoint = { userId: viewer.id, base: '' };
  const leg = call && callResource(call, viewpoint) ? legOf(call, viewpoint) : undefined;
  if (leg && !isDocumented(name, stateOf(leg))) throw new GatewayError('WRONG_STATE');
}

/** A token may command and not read: then the command alone decides. */
function nothingSeen(error: unknown) {
  if (error instanceof GatewayError && error.code === 'FORBIDDEN') {
    return { viewer: { id: '' }, call: null };
  }
  throw error;
}

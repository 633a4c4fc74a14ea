import type { GatewayError } from '../../../model/errors.ts';
import { refusalOf } from '../../refusal.ts';
import { refuse } from '../refusals.ts';
import type { Incoming } from './bayeux.ts';

/** A refusal before any message was looked at: a handshake gets it in Bayeux's words, everything else in GWS's. */
export function refusedTo([first]: readonly Incoming[], refusal: GatewayError | null): Response {
  const isStranger = refusal?.code === 'UNAUTHENTICATED';
  if (first?.channel !== '/meta/handshake' || !isStranger) {
    return refuse(refusal ?? refusalOf('INTERNAL'));
  }
  const { channel, id } = first;
  const denied = { successful: false, error: '403::handshake_denied' };
  return Response.json([
    { channel, ...(id !== undefined && { id }), ...denied, advice: { reconnect: 'none' } },
  ]);
}

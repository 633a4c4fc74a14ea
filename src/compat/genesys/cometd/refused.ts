import type { GatewayError } from '../../../model/errors.ts';
import { later } from '../../later.ts';
import { type RefusalCode, refusalOf } from '../../refusal.ts';
import { refuse, refuseByText } from '../refusals.ts';
import type { Given } from './bayeux.ts';
import { HANDSHAKE } from './channels.ts';
import type { RefusedMessage } from './malformed.ts';

/**
 * What may be otherwise when it is asked again, as a body that was damaged on its way: faye does so when the answer is no
 * JSON, and else waits. Not who is asking: many tries of a wrong password would keep its user out.
 */
const TO_REPEAT: readonly RefusalCode[] = ['RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL', 'BAD_INPUT'];

/**
 * A refusal of a whole request: a stranger gets it in Bayeux's words, what can be repeated is a text, and everything
 * else is in GWS's words.
 * @param given what the request has brought; null for no messages
 */
export function refusedTo(given: Given | null, refusal: GatewayError | null): Response {
  const known = refusal ?? refusalOf('INTERNAL');
  if (TO_REPEAT.includes(known.code)) return later(refuseByText(known), refusal);
  const plain = refuse(known);
  const messages = [...(given?.messages ?? []), ...(given?.refused ?? [])];
  if (messages.length === 0 || known.code !== 'UNAUTHENTICATED') return plain;
  const { status } = messages[0]?.channel === HANDSHAKE ? { status: 200 } : plain;
  return Response.json(messages.map(deniedTo), { status });
}

/** faye goes by the advice whatever the status is: it shakes hands once more, and hears then that there is no use. */
function deniedTo({ channel, id }: Pick<RefusedMessage, 'channel' | 'id'>): object {
  const isHandshake = channel === HANDSHAKE;
  const error = isHandshake ? '403::handshake_denied' : '403::access_denied';
  const advice = isHandshake ? { reconnect: 'none' } : { reconnect: 'handshake', interval: 0 };
  return { channel, ...(id !== undefined && { id }), successful: false, error, advice };
}

/** The answers to messages that were not looked at, before those to the others; null when there were none. */
export async function withRefused(
  refused: readonly RefusedMessage[],
  response: Response | null,
): Promise<Response> {
  if (!response) return Response.json(refused);
  // Without a body, nobody waits for it any more.
  if (refused.length === 0 || !response.ok || !response.body) return response;
  const { status, headers } = response;
  const replies: unknown[] = await response.json();
  return new Response(JSON.stringify([...refused, ...replies]), { status, headers });
}

import { randomBytes } from 'node:crypto';
import { isDialable } from '../../model/phone-number.ts';
import { type ListenRequest, SwitchError } from '../connector.ts';
import type { CallRecord } from './call-record.ts';
import { LISTENS } from './channel.ts';
import type { ChannelControl, Done } from './channel-control.ts';
import { type Leg, stateOf } from './leg.ts';

interface Tools {
  readonly control: ChannelControl;
  /** What is dialled to ring an extension. */
  endpointOf(number: string): string;
}

/** Rings a phone that hears a leg's channel by ChanSpy, beside all else that happens to it, when it is answered. */
export async function listen(
  { control, endpointOf }: Tools,
  { nativeId }: CallRecord,
  leg: Leg | undefined,
  { to, toExtension, whispers, hears }: ListenRequest,
): Promise<Done> {
  if (!isDialable(to)) throw new SwitchError('INVALID_ARGUMENT', 'That cannot be dialled.');
  if (!toExtension) {
    throw new SwitchError('UNSUPPORTED', 'Asterisk lets none but its own phones listen.');
  }
  const state = leg ? stateOf(leg) : 'ENDED';
  if (!leg || leg.isListener || (state !== 'CONNECTED' && state !== 'HELD')) {
    throw new SwitchError('WRONG_STATE', 'This leg does not talk.');
  }
  // Its id says to which call it listens: it has a linkedid of its own, and Tandem may be started anew.
  const id = `${LISTENS}${randomBytes(4).toString('hex')}-${nativeId}`;
  const whisper = hears ? 'w' : 'W';
  // No tone at its beginning; this channel and none whose name begins with its name, and no other one after it.
  const options = `quES${whispers ? whisper : ''}`;
  return control.spy(leg.channel, { id, endpoint: endpointOf(to), options });
}

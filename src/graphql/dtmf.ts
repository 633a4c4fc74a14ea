import type { Change } from '../feed/feed.ts';
import type { DtmfView, ParticipantView } from '../model/call.ts';
import { builder } from './builder.ts';
import { ParticipantRef } from './refs.ts';

interface Pressed extends DtmfView {
  readonly participant: ParticipantView;
}

/** What was pressed, and on whose phone; null when a change is of something else. */
export function pressedIn({ dtmf, call }: Change): Pressed | null {
  if (!dtmf) return null;
  const participant = call?.participants?.find(({ sequence }) => sequence === dtmf.sequence);
  if (participant) return { ...dtmf, participant };
  throw new Error('Digits were pressed by nobody of the call.');
}

export const DtmfRef = builder.objectRef<Pressed>('Dtmf').implement({
  description: 'Digits that were pressed on a phone during a call, as its switch has seen them.',
  fields: (t) => ({
    digits: t.exposeString('digits', {
      description: 'One or more of 0-9, *, # and A-D, in their order.',
    }),
    participant: t.expose('participant', {
      type: ParticipantRef,
      description: 'Whose phone it was.',
    }),
    pressedAt: t.expose('pressedAt', {
      type: 'DateTime',
      description: 'When the first of them was pressed, by the clock of the switch.',
    }),
  }),
});

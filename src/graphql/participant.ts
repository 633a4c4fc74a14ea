import { CallStateRef, DispositionRef, ParticipantRoleRef } from './enums.ts';
import { ExtensionRef, ParticipantRef } from './refs.ts';

ParticipantRef.implement({
  description: 'One leg of a call.',
  fields: (t) => ({
    sequence: t.exposeString('sequence', {
      description: 'Two digits, `00` first; the same for the life of the call.',
    }),
    role: t.expose('role', { type: ParticipantRoleRef, description: 'What it is in the call.' }),
    number: t.exposeString('number', {
      nullable: true,
      description: 'Its number; null when withheld.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name that goes with the number; null when unknown.',
    }),
    state: t.expose('state', { type: CallStateRef, description: 'Where it stands.' }),
    muted: t.exposeBoolean('muted', { description: 'Whether its microphone is off.' }),
    ringingAt: t.expose('ringingAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began to ring; null if it did not.',
    }),
    answeredAt: t.expose('answeredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it answered; null if it did not.',
    }),
    heldAt: t.expose('heldAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is on hold; null when it is not.',
    }),
    leftAt: t.expose('leftAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it left the call; null while it is there.',
    }),
    parkedAt: t.expose('parkedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it waits in a parking place; null while it does not.',
    }),
    parkedPosition: t.exposeInt('parkedPosition', {
      nullable: true,
      description: 'The number of its parking place; null while it is in none.',
    }),
    parkedBy: t.exposeString('parkedBy', {
      nullable: true,
      description: 'The number of whoever has parked it; null while it is not, or when unknown.',
    }),
    disposition: t.expose('disposition', {
      type: DispositionRef,
      nullable: true,
      description: 'Why it left; null while it is there.',
    }),
    extension: t.expose('extension', {
      type: ExtensionRef,
      nullable: true,
      description: 'The extension that has this number; null for an outside number.',
    }),
  }),
});

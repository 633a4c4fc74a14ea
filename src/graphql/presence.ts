import { PRESENCE_STATUSES } from '../model/presence.ts';
import { readPresence } from '../operations/read-presence.ts';
import { builder } from './builder.ts';
import { describedEnum } from './enums.ts';
import { ExtensionRef } from './refs.ts';

const PresenceStatusRef = describedEnum(
  'PresenceStatus',
  'What an extension does.',
  PRESENCE_STATUSES,
  {
    UNKNOWN: 'A switch that might say so cannot be reached, or it is not yours to know.',
    ONLINE: 'It is in no call; whether a phone is registered for it is not known.',
    RINGING: 'It rings, and is in no other call.',
    BUSY: 'It dials, talks or holds.',
  },
);

builder.objectField(ExtensionRef, 'presence', (t) =>
  t.field({
    type: PresenceStatusRef,
    description: 'What it does, by the calls that are live now.',
    resolve: (extension, _, context) => readPresence(context, extension),
  }),
);

import { builder } from './builder.ts';
import { CallStateRef, CallStatusRef, DirectionRef, IdentifierSchemeRef } from './enums.ts';

export const CallIdentifierInput = builder.inputType('CallIdentifierInput', {
  description: 'A name of a call in another system.',
  fields: (t) => ({
    scheme: t.field({ type: IdentifierSchemeRef, required: true, description: 'Which system.' }),
    value: t.string({ required: true, description: 'Its name there.' }),
  }),
});

export const CallFilterInput = builder.inputType('CallFilter', {
  description: 'What calls must have; what is absent may be anything.',
  fields: (t) => ({
    extensions: t.stringList({
      description: 'One of these extensions takes part: numbers in full or short form.',
    }),
    states: t.field({ type: [CallStateRef], description: 'One of these states.' }),
    directions: t.field({ type: [DirectionRef], description: 'One of these directions.' }),
    number: t.string({ description: 'A participant has exactly this number.' }),
    anyNumber: t.stringList({
      description: 'A participant has exactly one of these numbers, at most 50.',
    }),
    anyName: t.stringList({
      description:
        'The name of a participant contains one of these, at most 50, in any letter case.',
    }),
    identifier: t.field({
      type: CallIdentifierInput,
      description: 'It has this name in another system.',
    }),
    offeredFrom: t.field({ type: 'DateTime', description: 'Offered then or later.' }),
    offeredBefore: t.field({ type: 'DateTime', description: 'Offered earlier.' }),
  }),
});

export const CallSelectorInput = builder.inputType('CallSelector', {
  description: 'Names one call in exactly one way: by id, by identifier, or by number and status.',
  fields: (t) => ({
    callId: t.id({ description: 'Tandem’s id of the call.' }),
    identifier: t.field({ type: CallIdentifierInput, description: 'Its name in another system.' }),
    number: t.string({ description: 'A number that is a party of it, or an extension’s number.' }),
    status: t.field({
      type: [CallStatusRef],
      description: 'Which call of the number; the first of these that finds one wins.',
    }),
  }),
});

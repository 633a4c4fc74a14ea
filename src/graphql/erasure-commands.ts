import type { ErasureCounts } from '../model/erasure.ts';
import {
  type ErasureReceipt,
  eraseSubject,
  resumeErasure,
  stopErasure,
} from '../operations/erase-subject.ts';
import { findErasure } from '../operations/find-erasure.ts';
import { builder } from './builder.ts';
import { ErasureRef } from './erasure.ts';
import { onceField } from './mutation.ts';

const OF_ORGANIZATION =
  'Of which organization: its id, or its key in import files. Absent means your own, and only an ADMINISTRATOR names another.';

const CountsRef = builder.objectRef<ErasureCounts>('ErasureCounts').implement({
  description: 'What an erasure would meet.',
  fields: (t) => ({
    calls: t.exposeInt('calls', {
      description:
        'Calls that go, or will be kept by a legal hold: with the number as a party, dialled, or in a name or an identifier of theirs. What user data of other calls mention is found on the way.',
    }),
    live: t.exposeInt('live', { description: 'Those of them that are up: they go when they end.' }),
    held: t.exposeInt('held', { description: 'Those of them that a legal hold keeps.' }),
  }),
});

builder.relayMutationField(
  'eraseSubject',
  {
    description: 'About which number everything is to go.',
    inputFields: (t) => ({
      number: t.string({
        required: true,
        description:
          'A phone number, with or without a plus sign, or an extension’s in full: then all of its legs are meant. A short form is refused: BAD_INPUT.',
      }),
      organizationId: t.id({ description: OF_ORGANIZATION }),
      dryRun: t.boolean({ description: 'Only counts. Default: false.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Begins to erase, in the background, every call with this number, and what other calls’ user data say of it. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
    resolve: (_, { input }, context) => eraseSubject(context, input),
  },
  {
    description: 'What was begun.',
    outputFields: (t) => ({
      erasure: t.field({
        type: ErasureRef,
        nullable: true,
        description: 'The erasure; null for a dry run.',
        resolve: ({ erasureId }: ErasureReceipt, _, context) =>
          erasureId === null ? null : findErasure(context, erasureId),
      }),
      counts: t.field({
        type: CountsRef,
        description: 'What it will meet, or would.',
        resolve: ({ counts }) => counts,
      }),
    }),
  },
);

/** A mutation of one erasure that is there; its payload has it as it is then. */
const commandErasure = (
  name: string,
  what: string,
  { description, resolve }: { description: string; resolve: typeof stopErasure },
) =>
  builder.relayMutationField(
    name,
    {
      description: what,
      inputFields: (t) => ({
        erasureId: t.id({ required: true, description: 'The id that `eraseSubject` gave.' }),
        ...onceField(t),
      }),
    },
    { description, resolve: (_, { input }, context) => resolve(context, input) },
    {
      description: 'The erasure.',
      outputFields: (t) => ({
        erasure: t.field({
          type: ErasureRef,
          description: 'As it is now.',
          resolve: ({ erasureId }, _, context) => findErasure(context, erasureId),
        }),
      }),
    },
  );

commandErasure('stopErasure', 'Which erasure to stop.', {
  description:
    'Stops an erasure after the batch that is under way; calls that are up are not to go any more. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
  resolve: stopErasure,
});

commandErasure('resumeErasure', 'Which erasure to go on with.', {
  description:
    'Goes on with an erasure that was stopped. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
  resolve: resumeErasure,
});

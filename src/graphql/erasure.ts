import { ERASURE_STATES, type ErasureCounts, type ErasureView } from '../model/erasure.ts';
import { hashSecret } from '../model/secret.ts';
import {
  type ErasureReceipt,
  eraseSubject,
  resumeErasure,
  stopErasure,
} from '../operations/erase-subject.ts';
import { findErasure } from '../operations/find-erasure.ts';
import { builder } from './builder.ts';
import { describedEnum } from './enums.ts';
import { onceField } from './mutation.ts';
import { notFoundAsNull } from './not-found.ts';

const ErasureStateRef = describedEnum('ErasureState', 'Where an erasure stands.', ERASURE_STATES, {
  RUNNING: 'It is under way, or about to begin.',
  STOPPED: '`stopErasure` has stopped it; what is gone is gone. `resumeErasure` goes on.',
  DONE: 'Nothing is left but what a legal hold keeps. This is final.',
});

const OF_ORGANIZATION =
  'Of which organization: its id, or its key in import files. Absent means your own, and only an ADMINISTRATOR names another.';

const CertificateRef = builder.objectRef<string>('ErasureCertificate').implement({
  description: 'What was erased, when, for whom and how much; nothing of what it was.',
  fields: (t) => ({
    text: t.string({
      description:
        'A JSON text. `numberHash` in it is argon2id of the number without its plus sign, with the server’s `ERASURE_KEY` as its secret when there is one: who knows both can tell.',
      resolve: (text) => text,
    }),
    hash: t.string({
      description:
        'SHA-256 of the text, in hexadecimal: the second subject of `certifyErasure` in the audit log.',
      resolve: hashSecret,
    }),
  }),
});

const ErasureRef = builder.objectRef<ErasureView>('Erasure').implement({
  description:
    'The erasure of everything that an organization has about a number: a job in the background.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the erasure, a uuid.' }),
    organizationId: t.exposeID('organizationId', { description: 'Of which organization.' }),
    requestedById: t.exposeID('userId', { description: 'The id of the user who asked for it.' }),
    state: t.expose('state', { type: ErasureStateRef, description: 'Where it stands.' }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      description: 'When it was asked for.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was done; null before.',
    }),
    expected: t.exposeInt('expected', {
      description:
        'Calls with the number when it was asked for, as `ErasureCounts.calls` counts them; `erased` and `held` together grow towards it, and beyond it by calls that come meanwhile.',
    }),
    erased: t.exposeInt('erased', {
      description:
        'Calls that are gone, with those that were up when it was asked for and that others had marked for deletion.',
    }),
    cleared: t.exposeInt('cleared', {
      description: 'Calls of others whose user data mentioned the number, and do not any more.',
    }),
    held: t.exposeInt('held', { description: 'Calls that a legal hold has kept.' }),
    certificate: t.field({
      type: CertificateRef,
      nullable: true,
      description: 'What to show for it; null until it is done.',
      resolve: ({ certificate }) => certificate,
    }),
  }),
});

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

builder.queryField('erasure', (t) =>
  t.field({
    type: ErasureRef,
    nullable: true,
    description: 'One erasure; null when none is visible, as for every USER.',
    args: { id: t.arg.id({ required: true, description: 'The id that `eraseSubject` gave.' }) },
    resolve: (_, { id }, context) => notFoundAsNull(findErasure(context, id)),
  }),
);

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

builder.relayMutationField(
  'stopErasure',
  {
    description: 'Which erasure to stop.',
    inputFields: (t) => ({
      erasureId: t.id({ required: true, description: 'The id that `eraseSubject` gave.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Stops an erasure after the batch that is under way; calls that are up are not to go any more. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
    resolve: (_, { input }, context) => stopErasure(context, input),
  },
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

builder.relayMutationField(
  'resumeErasure',
  {
    description: 'Which erasure to go on with.',
    inputFields: (t) => ({
      erasureId: t.id({ required: true, description: 'The id that `eraseSubject` gave.' }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Goes on with an erasure that was stopped. Scope MANAGE, for an ORGANIZATION or an ADMINISTRATOR.',
    resolve: (_, { input }, context) => resumeErasure(context, input),
  },
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

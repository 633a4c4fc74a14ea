import { ERASURE_STATES, ERASURE_WAITS, type ErasureView } from '../model/erasure.ts';
import { hashSecret } from '../model/secret.ts';
import { findErasure, readErasures } from '../operations/find-erasure.ts';
import { builder } from './builder.ts';
import { describedEnum } from './enums.ts';
import { notFoundAsNull } from './not-found.ts';
import { connectionOf, pageRequest } from './page-args.ts';

const ErasureStateRef = describedEnum('ErasureState', 'Where an erasure stands.', ERASURE_STATES, {
  RUNNING: 'It is under way, or about to begin.',
  STOPPED: '`stopErasure` has stopped it; what is gone is gone. `resumeErasure` goes on.',
  DONE: 'Nothing is left but what a legal hold keeps. This is final.',
});

const ErasureWaitRef = describedEnum(
  'ErasureWait',
  'What an erasure waits for. A legal hold is nothing that it waits for: what is on hold stays, and is counted.',
  ERASURE_WAITS,
  {
    CALLS_TO_END: 'All has been looked at, and what is left is up: it goes when it ends.',
    RESUME: 'It was stopped; `resumeErasure` goes on.',
  },
);

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

export const ErasureRef = builder.objectRef<ErasureView>('Erasure').implement({
  description:
    'The erasure of everything that an organization has about a number: a job in the background.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the erasure, a uuid.' }),
    organizationId: t.exposeID('organizationId', { description: 'Of which organization.' }),
    requestedById: t.exposeID('userId', { description: 'The id of the user who asked for it.' }),
    state: t.expose('state', { type: ErasureStateRef, description: 'Where it stands.' }),
    waitsFor: t.expose('waitsFor', {
      type: ErasureWaitRef,
      nullable: true,
      description: 'What it waits for; null while it gets on, and once it is done.',
    }),
    live: t.exposeInt('live', {
      description:
        'Calls that were up when it looked at them last; they go when they end, unless a legal hold keeps them then. 0 once it is done.',
    }),
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

builder.queryField('erasure', (t) =>
  t.field({
    type: ErasureRef,
    nullable: true,
    description: 'One erasure; null when none is visible, as for every USER.',
    args: { id: t.arg.id({ required: true, description: 'The id that `eraseSubject` gave.' }) },
    resolve: (_, { id }, context) => notFoundAsNull(findErasure(context, id)),
  }),
);

const ErasureConnection = builder.connectionObject(
  { type: ErasureRef, name: 'ErasureConnection', description: 'A page of erasures.' },
  { description: 'An erasure in a page, with its cursor.' },
);

builder.queryField('erasures', (t) =>
  t.field({
    type: ErasureConnection,
    description:
      'Erasures, those that are done with their certificates, the newest first: all for an ADMINISTRATOR, its own for an ORGANIZATION, FORBIDDEN to others.',
    args: {
      states: t.arg({ type: [ErasureStateRef], description: 'Only those that stand so.' }),
      ...t.arg.connectionArgs(),
    },
    resolve: async (_, { states, ...args }, context) => {
      const page = pageRequest('erasures', args);
      const view = await readErasures(context, states ?? null, page);
      return connectionOf<ErasureView>(view, page, ({ id }) => [id]);
    },
  }),
);

import type { AuditEntryView } from '../model/audit.ts';
import { readAudit } from '../operations/read-audit.ts';
import { builder } from './builder.ts';
import { connectionOf, pageRequest } from './page-args.ts';

const AuditEntryRef = builder.objectRef<AuditEntryView>('AuditEntry').implement({
  description:
    'Who did what to what, with which result. Entries are never changed; each holds the hash of the one before.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The entry’s number among those of all organizations.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was done.' }),
    organizationId: t.exposeID('organizationId', { description: 'Of whom it is the audit log.' }),
    userId: t.exposeID('userId', {
      nullable: true,
      description:
        'Who did it; null when Tandem did what somebody had asked for before, and of an export by the command line.',
    }),
    appId: t.exposeID('appId', {
      nullable: true,
      description: 'The app by which it was done; null when it was none.',
    }),
    dialect: t.exposeString('dialect', {
      description: '`graphql`, `voipnow`, `genesys` or `verba`; `tandem` for what it did itself.',
    }),
    operation: t.exposeString('operation', {
      description:
        'The mutation’s name; `exportCalls.begin` and `exportCalls` for an export’s begin and end; or what Tandem did itself.',
    }),
    subjects: t.field({
      type: ['String'],
      description:
        'Ids of what it was done to; never content, and none when nothing was found. Of an export: the organization, an id of its own, `after=` the position where it began, and at its end `records=` how many and `last=` the position of the last.',
      // Whoever edits the log may put in lists of lists: that must not hide the rest of a page.
      resolve: ({ subjects }) => subjects.map(String),
    }),
    result: t.exposeString('result', {
      description:
        '`OK`; `REPEATED` when an idempotency key got its first answer again and nothing was done; `BROKEN_OFF` when an export did not come to its end; or the code of the refusal.',
    }),
    requestId: t.exposeString('requestId', {
      description:
        'Tandem’s own id of the request: the `X-Request-Id` of the answer unless the client chose that; empty when there was no request.',
    }),
    sequence: t.exposeInt('sequence', {
      description: 'The place in the chain of its organization, from 1 on.',
    }),
    previousHash: t.exposeString('previousHash', {
      description: 'The hash of the entry before; 64 zeros for the first.',
    }),
    hash: t.exposeString('hash', {
      description: 'SHA-256, in hexadecimal, of all that the entry says and of `previousHash`.',
    }),
  }),
});

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntryRef, name: 'AuditEntryConnection', description: 'A page of audit entries.' },
  { description: 'An audit entry in a page, with its cursor.' },
);

const AuditFilterInput = builder.inputType('AuditFilter', {
  description: 'What audit entries must have; what is absent may be anything.',
  fields: (t) => ({
    operation: t.string({ description: 'This operation.' }),
    subject: t.string({ description: 'Done to what has this id.' }),
    from: t.field({ type: 'DateTime', description: 'Done then or later.' }),
    before: t.field({ type: 'DateTime', description: 'Done earlier.' }),
  }),
});

builder.queryField('auditEntries', (t) =>
  t.field({
    type: AuditEntryConnection,
    description:
      'The audit log, the newest first: all of it for an ADMINISTRATOR, its own for an ORGANIZATION, none for others.',
    args: {
      filter: t.arg({ type: AuditFilterInput, description: 'Only entries like this.' }),
      ...t.arg.connectionArgs(),
    },
    resolve: async (_, { filter, ...args }, context) => {
      const page = pageRequest('audit', args);
      const view = await readAudit(context, filter ?? {}, page);
      return connectionOf<AuditEntryView>(view, page, ({ id }) => [id]);
    },
  }),
);

import { pageAt } from '../model/page.ts';
import { readList, readListOf } from '../operations/read.ts';
import { builder } from './builder.ts';
import {
  DeliveryConnection,
  deliveryConnection,
  EventConnection,
  eventConnection,
} from './connections.ts';
import { DeliveryStateRef, EventMethodRef, EventStatusRef } from './event-enums.ts';
import { OWNER } from './owner.ts';
import { EventRef, ExtensionRef, NodeRef } from './refs.ts';
import { selectionOf } from './selection.ts';
import { deliveryList, eventList, pageKey } from './shapes.ts';

EventRef.implement({
  description:
    'A rule of an extension: on this type of event, request this URL. Not a record of something that happened.',
  interfaces: [NodeRef],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'rowId' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'VoipNow’s event id, unique in its organization.' }),
    type: t.exposeInt('type', {
      description:
        '0 dial-in, 1 dial-out, 2 hang-up, 3 answer of an incoming call, 4 answer of an outgoing call.',
    }),
    method: t.expose('method', { type: EventMethodRef, description: 'How the URL is requested.' }),
    url: t.exposeString('url', { description: 'What is requested.' }),
    status: t.expose('status', { type: EventStatusRef, description: 'Whether it fires.' }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Somebody’s remark; null when there is none.',
    }),
    modifiedAt: t.expose('modifiedAt', {
      type: 'DateTime',
      description: 'When it was made or changed last.',
    }),
    suspendedAt: t.expose('suspendedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when nothing is sent, after 24 hours in which nothing of it was delivered, or a 410 of its receiver; null while it is. `resumePhoneCallEvent` ends it.',
    }),
    deliveries: t.field({
      type: DeliveryConnection,
      description: 'What it has fired, the newest first; what was delivered is kept for a week.',
      args: {
        states: t.arg({ type: [DeliveryStateRef], description: 'Only in one of these states.' }),
        ...t.arg.connectionArgs(),
      },
      resolve: async ({ rowId, pages }, args, context, info) => {
        const list = deliveryList(args, selectionOf(info));
        const read = pageAt(pages, pageKey('deliveries', args));
        // What the statement above has brought already; below a mutation nothing has.
        const page =
          read ??
          (await readList(context, { ...list, filter: { ...list.filter, eventRowId: rowId } }));
        return deliveryConnection(page, list.page);
      },
    }),
    extension: t.field({
      type: ExtensionRef,
      description: 'Whose rule it is.',
      resolve: ({ extension }) => {
        if (extension) return extension;
        throw new Error('A rule was read without its extension.');
      },
    }),
  }),
});

builder.queryField('phoneCallEvents', (t) =>
  t.field({
    type: EventConnection,
    description:
      'Phone call events of one extension or of all, in the order in which they were made.',
    args: {
      owner: t.arg.string({ description: OWNER }),
      extension: t.arg.string({
        description:
          'Only of this extension, in full or short form: a terminal, queue, conference or IVR.',
      }),
      type: t.arg.int({ description: 'Only of this type, 0 to 4.' }),
      ...t.arg.connectionArgs(),
    },
    resolve: async (_, args, context, info) => {
      const list = eventList(args, selectionOf(info));
      return eventConnection(await readListOf(context, list, args), list.page);
    },
  }),
);

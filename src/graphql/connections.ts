import type { CallView } from '../model/call.ts';
import type { DeliveryView } from '../model/event-delivery.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { PageRequest, PageView } from '../model/page.ts';
import type { EventRow } from '../store/queries/read.ts';
import { builder } from './builder.ts';
import { connectionOf } from './page-args.ts';
import { CallRef, DeliveryRef, EventRef, ExtensionRef } from './refs.ts';

const TOTAL = 'How many there are in all pages; counted only when asked for.';

export const CallConnection = builder.connectionObject(
  {
    type: CallRef,
    name: 'CallConnection',
    description: 'A page of calls.',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, description: TOTAL, resolve: totalOf }),
    }),
  },
  { description: 'A call in a page, with its cursor.' },
);

export const ExtensionConnection = builder.connectionObject(
  {
    type: ExtensionRef,
    name: 'ExtensionConnection',
    description: 'A page of extensions.',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, description: TOTAL, resolve: totalOf }),
    }),
  },
  { description: 'An extension in a page, with its cursor.' },
);

export const EventConnection = builder.connectionObject(
  {
    type: EventRef,
    name: 'PhoneCallEventConnection',
    description: 'A page of phone call events.',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, description: TOTAL, resolve: totalOf }),
    }),
  },
  { description: 'A phone call event in a page, with its cursor.' },
);

export const DeliveryConnection = builder.connectionObject(
  {
    type: DeliveryRef,
    name: 'PhoneCallEventDeliveryConnection',
    description: 'A page of firings.',
    fields: (t) => ({
      totalCount: t.int({ nullable: true, description: TOTAL, resolve: totalOf }),
    }),
  },
  { description: 'A firing in a page, with its cursor.' },
);

function totalOf(connection: object): number | null {
  return 'totalCount' in connection ? (connection.totalCount as number | null) : null; // ours: connectionOf
}

export const callConnection = (view: PageView<unknown>, page: PageRequest) =>
  connectionOf<CallView>(view, page, ({ offeredAt, id }) => [
    new Date(offeredAt).toISOString(),
    id,
  ]);

export const extensionConnection = (view: PageView<unknown>, page: PageRequest) =>
  connectionOf<ExtensionView>(view, page, ({ number, id }) => [number, id]);

export const eventConnection = (view: PageView<unknown>, page: PageRequest) =>
  connectionOf<EventRow>(view, page, ({ rowId }) => [rowId]);

export const deliveryConnection = (view: PageView<unknown>, page: PageRequest) =>
  connectionOf<DeliveryView>(view, page, ({ createdAt, id }) => [
    new Date(createdAt).toISOString(),
    id,
  ]);

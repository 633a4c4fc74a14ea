import type { ExtensionView } from '../model/extension.ts';
import { pageAt } from '../model/page.ts';
import type { CallListShape, EventListShape } from '../model/shape.ts';
import type { Context } from '../operations/context.ts';
import { findExtension } from '../operations/find-extension.ts';
import { readList, readListOf } from '../operations/read.ts';
import { builder } from './builder.ts';
import {
  CallConnection,
  callConnection,
  EventConnection,
  ExtensionConnection,
  eventConnection,
  extensionConnection,
} from './connections.ts';
import { CallStateRef, ExtensionKindRef } from './enums.ts';
import { notFoundAsNull } from './not-found.ts';
import { OWNER } from './owner.ts';
import { ExtensionRef, NodeRef, OwnerRef } from './refs.ts';
import { selectionOf } from './selection.ts';
import { callList, eventList, extensionList, extensionShape, pageKey } from './shapes.ts';

ExtensionRef.implement({
  description: 'What can be dialled inside of an organization.',
  interfaces: [NodeRef],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'shortNumber' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the extension, a uuid.' }),
    number: t.exposeString('number', { description: 'As dialled in full, such as `0003*210`.' }),
    shortNumber: t.exposeString('shortNumber', {
      description: 'As dialled inside, such as `210`.',
    }),
    kind: t.expose('kind', { type: ExtensionKindRef, description: 'What it is.' }),
    label: t.exposeString('label', {
      nullable: true,
      description: 'What people call it; null when it has no name.',
    }),
    owner: t.expose('owner', {
      type: OwnerRef,
      nullable: true,
      description: 'The user that owns it; null when nobody does.',
    }),
    calls: t.field({
      type: CallConnection,
      description: 'The calls in which it takes part, the newest first.',
      args: {
        states: t.arg({ type: [CallStateRef], description: 'Only calls in one of these states.' }),
        ...t.arg.connectionArgs(),
      },
      resolve: async (extension, args, context, info) => {
        const list = callList(args, selectionOf(info));
        return callConnection(
          await pageOf(context, extension, pageKey('calls', args), list),
          list.page,
        );
      },
    }),
    phoneCallEvents: t.field({
      type: EventConnection,
      description: 'Its rules, in the order in which they were made.',
      args: {
        type: t.arg.int({ description: 'Only rules of this type, 0 to 4.' }),
        ...t.arg.connectionArgs(),
      },
      resolve: async (extension, args, context, info) => {
        const list = eventList(args, selectionOf(info));
        const key = pageKey('phoneCallEvents', args);
        return eventConnection(await pageOf(context, extension, key, list), list.page);
      },
    }),
  }),
});

/** What the statement above has brought already; below a subscription nothing has, so it is read here. */
async function pageOf(
  context: Context,
  { id, pages }: ExtensionView,
  key: string,
  list: CallListShape | EventListShape,
) {
  const read = pageAt(pages, key);
  if (read) return read;
  if (list.of === 'calls') {
    return readList(context, { ...list, filter: { ...list.filter, extensionIds: [id] } });
  }
  return readList(context, { ...list, filter: { ...list.filter, extensionId: id } });
}

OwnerRef.implement({
  description: 'Somebody who owns extensions.',
  interfaces: [NodeRef],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'username' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the user, a uuid.' }),
    number: t.exposeString('number', { description: 'The id that legacy URIs use.' }),
    username: t.exposeString('username', { description: 'The name to log in with.' }),
    displayName: t.exposeString('displayName', {
      nullable: true,
      description: 'The name to show; null when there is none.',
    }),
  }),
});

builder.queryFields((t) => ({
  extension: t.field({
    type: ExtensionRef,
    nullable: true,
    description: 'One extension, by its number in full or short form; null when none is visible.',
    args: {
      number: t.arg.string({ required: true, description: 'Such as `0003*210` or `210`.' }),
      owner: t.arg.string({ description: OWNER }),
    },
    resolve: (_, { number, owner }, context, info) => {
      const shape = extensionShape(selectionOf(info));
      return notFoundAsNull(findExtension(context, number, { owner, shape }));
    },
  }),
  extensions: t.field({
    type: ExtensionConnection,
    description: 'Extensions, by number.',
    args: {
      owner: t.arg.string({ description: OWNER }),
      numbers: t.arg.stringList({
        description: 'Only those with one of these numbers, in full or short form.',
      }),
      ...t.arg.connectionArgs(),
    },
    resolve: async (_, args, context, info) => {
      const { numbers = null, owner } = args;
      const list = { ...extensionList(args, selectionOf(info)), filter: { numbers } };
      return extensionConnection(await readListOf(context, list, { owner }), list.page);
    },
  }),
}));

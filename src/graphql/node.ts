import { readNode } from '../store/queries/node.ts';
import { builder } from './builder.ts';
import { NodeRef } from './refs.ts';
import { selectionOn } from './selection.ts';
import { callShape, eventShape, extensionShape } from './shapes.ts';

builder.queryField('node', (t) =>
  t.field({
    type: NodeRef,
    nullable: true,
    description: 'Anything that has an id; null when nothing visible has it.',
    args: { id: t.arg.id({ required: true, description: 'The id that some answer gave.' }) },
    resolve: (_, { id }, { database, visibility }, info) =>
      readNode(database, id, visibility, {
        call: callShape(selectionOn(info, 'Call')),
        extension: extensionShape(selectionOn(info, 'Extension')),
        event: eventShape(selectionOn(info, 'PhoneCallEvent')),
      }),
  }),
);

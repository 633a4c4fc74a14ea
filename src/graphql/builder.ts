import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { JsonObject } from '../model/json.ts';
import type { Context } from '../operations/context.ts';

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    JSON: { Input: JsonObject; Output: JsonObject };
    Position: { Input: string; Output: string };
  };
}

const described = (description: string) => ({ description });

/** The one builder of the schema: types over the plain objects that the store reads. */
export const builder = new SchemaBuilder<Types>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  relay: {
    clientMutationId: 'optional',
    cursorType: 'String',
    nodesOnConnection: described('The nodes of this page, without their edges.'),
    clientMutationIdInputOptions: described('Comes back in the payload as it was sent.'),
    clientMutationIdFieldOptions: described('The `clientMutationId` of the input.'),
    edgesFieldOptions: described('The nodes of this page with their cursors.'),
    pageInfoFieldOptions: described('Where this page begins and ends.'),
    cursorFieldOptions: described('Where this node stands; for `after` and `before`.'),
    nodeFieldOptions: described('The node itself.'),
    pageInfoTypeOptions: described('Where a page begins and ends, and whether there is more.'),
    firstArgOptions: described(
      'At most so many from the start of the list; 50 when neither is given.',
    ),
    afterArgOptions: described('Only what comes after this cursor.'),
    lastArgOptions: described('At most so many from the end of the list.'),
    beforeArgOptions: described('Only what comes before this cursor.'),
    hasNextPageFieldOptions: described('Whether there is more after this page.'),
    hasPreviousPageFieldOptions: described('Whether there is more before this page.'),
    startCursorFieldOptions: described('The first cursor of this page; null when it is empty.'),
    endCursorFieldOptions: described('The last cursor of this page; null when it is empty.'),
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    mutationInputArgOptions: described('What to do.'),
  },
});

builder.queryType({ description: 'What can be asked.' });
builder.mutationType({
  description: 'What can be done. Each refusal is an error with one of the codes of `ErrorCode`.',
});
builder.subscriptionType({
  description: 'What can be followed, over graphql-ws or server-sent events.',
});

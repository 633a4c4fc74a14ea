import type { TadaDocumentNode } from 'gql.tada';
import { type Route, route } from '../dialect.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { permitOperation } from './permission.ts';

/** A call in the inputs of the schema. */
export interface Named {
  readonly identifier: { readonly scheme: 'GENESYS'; readonly value: string };
}

export const nameOf = (value: string): Named => ({ identifier: { scheme: 'GENESYS', value } });

interface Operation<Input> {
  readonly name: string;
  // Only what always is there is selected: the answer says no more than that it was done.
  readonly document: TadaDocumentNode<unknown, { input: Input }>;
  /** What the body says besides. */
  readonly input?: (request: LegacyRequest) => NoInfer<Omit<Input, keyof Named>>;
}

/** A row: the operation named by the body of a POST to the call. */
export const operation = <Input>({ name, document, input }: Operation<Input>): Route =>
  route({
    methods: ['POST'],
    path: '/me/calls/:id',
    operation: name,
    document,
    refusedAs: { id: 'CALL_NOT_FOUND' },
    variables: (request, { id }) => ({
      // The schema's input is the call's name and what else the operation takes.
      input: { ...nameOf(id), ...input?.(request) } as Input,
    }),
    permit: (execute, { id }) => permitOperation(name, id, execute),
    respond: () => Response.json({ statusCode: 0 }),
  });

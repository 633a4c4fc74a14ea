import type { TadaDocumentNode } from 'gql.tada';
import { type Route, route } from '../dialect.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { answer, checkResponseType, type Payload } from './answer.ts';

interface Action<Data, Variables> {
  readonly operation: string;
  readonly document: TadaDocumentNode<Data, Variables>;
  readonly variables: (request: LegacyRequest) => NoInfer<Variables>;
  /** Nothing but success when it is absent. Throws `GatewayError` when the data are a refusal. */
  readonly payload?: (data: NoInfer<Data>, request: LegacyRequest) => Payload;
}

/** A row of the route table: every action is at the one URI, by GET and by POST. */
export const action = <Data, Variables>({
  operation,
  document,
  variables,
  payload,
}: Action<Data, Variables>): Route =>
  route({
    methods: ['GET', 'POST'],
    path: '',
    operation,
    document,
    refusedAs: {},
    variables: (request) => {
      checkResponseType(request);
      return variables(request);
    },
    respond: (data, request) =>
      answer(request, { code: 0, type: operation, ...payload?.(data, request) }),
  });

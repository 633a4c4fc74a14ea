import { GatewayError } from '../../model/errors.ts';
import { type Route, route } from '../dialect.ts';
import { baseOf, collection, single } from './answer.ts';
import { GetCall, GetCalls } from './call-documents.ts';
import { callOperations } from './call-operations.ts';
import { callResource } from './call-resource.ts';

/** Voice API: the user's calls that are up, one call, and what can be done with it. */
export const callRoutes: readonly Route[] = [
  route({
    methods: ['GET'],
    path: '/me/calls',
    document: GetCalls,
    refusedAs: {},
    variables: () => ({}),
    respond: ({ viewer }, request) => {
      const viewpoint = { userId: viewer.id, base: baseOf(request.url) };
      const calls = viewer.calls.nodes.flatMap((call) => callResource(call, viewpoint) ?? []);
      // A call that the user has left goes on without him.
      const own = calls.filter(({ state }) => state !== 'Released');
      return collection(request, 'calls', own);
    },
  }),
  route({
    methods: ['GET'],
    path: '/me/calls/:id',
    document: GetCall,
    refusedAs: { id: 'CALL_NOT_FOUND' },
    variables: (_, { id }) => ({ id }),
    respond: ({ viewer, call }, request) => {
      const viewpoint = { userId: viewer.id, base: baseOf(request.url) };
      const resource = call && callResource(call, viewpoint);
      if (!resource) throw new GatewayError('CALL_NOT_FOUND');
      return single(request, 'call', resource);
    },
  }),
  ...callOperations,
];

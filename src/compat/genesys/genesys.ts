import { GatewayError } from '../../model/errors.ts';
import type { Dialect, Route } from '../dialect.ts';
import { type LegacyRequest, roughObjectOf } from '../legacy-request.ts';
import { baseOf } from './answer.ts';
import { callRoutes } from './calls.ts';
import { credentialsOf } from './credentials.ts';
import { deviceRoutes } from './devices.ts';
import { asyncapiOf } from './documents/asyncapi.ts';
import { openapiOf } from './documents/openapi.ts';
import { openHttpSessions } from './http-sessions.ts';
import { meRoutes } from './me.ts';
import { refuse } from './refusals.ts';
import { sessionRoutes } from './session.ts';
import { startupRoutes } from './startup.ts';

const routes: readonly Route[] = [
  ...[...meRoutes, ...sessionRoutes, ...deviceRoutes].flatMap(byAddress),
  ...[...callRoutes, ...startupRoutes],
];

/** Genesys Web Services, version 2. */
export const genesys: Dialect = {
  name: 'genesys',
  bases: ['/api/v2'],
  isPersonal: true,
  openTo,
  sessions: openHttpSessions,
  routes: routes.map(withHead),
  operationOf,
  credentialsOf,
  refuse,
};

/** The address that a device has is without `/me`: there is the same, and the same can be done. */
function byAddress(route: Route): readonly Route[] {
  const [, address] = /^\/me(\/devices\/:id.*)$/.exec(route.path) ?? [];
  return address === undefined ? [route] : [route, { ...route, path: address }];
}

/** What can be got can be asked about, as everywhere in HTTP; the server sends no body then. */
function withHead(route: Route): Route {
  return route.methods.includes('GET') ? { ...route, methods: [...route.methods, 'HEAD'] } : route;
}

/** What the dialect is, for whoever makes a client of it. */
async function openTo({ method, url }: LegacyRequest): Promise<Response | undefined> {
  const path = new URL(url).pathname.replace(/\/$/, '');
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (path === '/api/v2/openapi.json') return Response.json(openapiOf(routes, baseOf(url)));
  if (path === '/api/v2/asyncapi.json') return Response.json(asyncapiOf(url));
  return undefined;
}

/** A telephony operation is a POST whose body names it. */
function operationOf(request: LegacyRequest): string | undefined {
  const { operationName } = roughObjectOf(request);
  if (operationName === undefined || operationName === null || operationName === '')
    return undefined;
  if (typeof operationName === 'string') return operationName;
  throw new GatewayError('BAD_INPUT', 'The parameter operationName must be a string.');
}

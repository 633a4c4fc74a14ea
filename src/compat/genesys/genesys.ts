import { GatewayError } from '../../model/errors.ts';
import type { Dialect } from '../dialect.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { callRoutes } from './calls.ts';
import { credentialsOf } from './credentials.ts';
import { refuse } from './refusals.ts';

/** Genesys Web Services, version 2. */
export const genesys: Dialect = {
  name: 'genesys',
  bases: ['/api/v2'],
  routes: callRoutes,
  operationOf,
  credentialsOf,
  refuse,
};

/** A telephony operation is a POST whose body names it. */
function operationOf(request: LegacyRequest): string | undefined {
  const { operationName } = jsonObjectOf(request);
  if (operationName === undefined || operationName === null || operationName === '')
    return undefined;
  if (typeof operationName === 'string') return operationName;
  throw new GatewayError('BAD_INPUT', 'The parameter operationName must be a string.');
}

import type { Credentials } from '../../model/credentials.ts';
import type { Dialect } from '../dialect.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { deleteCallRoutes } from './delete-call.ts';
import { valuesOf } from './parameters.ts';
import { refuse } from './refusals.ts';

const routes = deleteCallRoutes;

/** Verba's HTTP Business API: one URI, the parameter `action` says what to do. */
export const verba: Dialect = {
  name: 'verba',
  bases: ['/verba/api'],
  routes,
  operationOf,
  credentialsOf,
  refuse,
};

/** In any letter case: the pages themselves do not agree on it. */
function operationOf(request: LegacyRequest): string | undefined {
  const [action, another] = valuesOf(request, 'action');
  if (!action || another !== undefined) return undefined;
  const known = routes.find(({ operation }) => operation?.toLowerCase() === action.toLowerCase());
  return known?.operation ?? action;
}

function credentialsOf(request: LegacyRequest): Credentials {
  const [apiKey, anotherKey] = valuesOf(request, 'apiKey');
  const [token, anotherToken] = valuesOf(request, 'token');
  if (!apiKey || anotherKey !== undefined || anotherToken !== undefined) return { kind: 'none' };
  return { kind: 'apiKey', apiKey, token: token || null };
}

import { type Credentials, credentialsOf as parse } from '../../model/credentials.ts';
import { GatewayError } from '../../model/errors.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { actionOf, valuesOf } from './parameters.ts';

const SECRETS = ['apiKey', 'token', 'userName', 'password'];

/** An api key with a token, where it needs one; to request a token, with a login (API authentication). */
export function credentialsOf(request: LegacyRequest): Credentials {
  const [apiKey, anotherKey] = valuesOf(request, 'apiKey');
  const [token, anotherToken] = valuesOf(request, 'token');
  if (!apiKey || anotherKey !== undefined || anotherToken !== undefined) return { kind: 'none' };
  // By POST, too, whoever wants to can put them there.
  const inUrl = SECRETS.some((name) => request.query.has(name));
  const action = actionOf(request)?.toLowerCase();
  if (action !== 'requesttoken') {
    const byToken = action === 'invalidatetoken' && { byToken: true };
    return { kind: 'apiKey', apiKey, token: token || null, inUrl, ...byToken };
  }
  return { kind: 'apiKeyLogin', apiKey, ...loginOf(request), inUrl };
}

/** By Basic, else by parameters. */
function loginOf(request: LegacyRequest) {
  const basic = parse(request.headers.get('authorization'));
  if (basic.kind === 'password') return { username: basic.username, password: basic.password };
  return { username: onlyOf(request, 'userName'), password: onlyOf(request, 'password') };
}

/** Whatever is missing is said before anything is looked up: that tells a stranger nothing. */
function onlyOf(request: LegacyRequest, name: string): string {
  const [value, another] = valuesOf(request, name);
  if (value && another === undefined) return value;
  throw new GatewayError('BAD_INPUT', `${name} is mandatory, once, or Basic authentication.`);
}

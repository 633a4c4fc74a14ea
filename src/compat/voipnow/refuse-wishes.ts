import { GatewayError } from '../../model/errors.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';

/** Refuses what nobody here can do, in the query, the body or a view: a call without it is not what was asked for. */
export function refuseWishes(
  request: LegacyRequest,
  names: readonly string[],
  message: string,
): void {
  const body = jsonObjectOf(request);
  const views = [body['phoneCallView']].flat();
  const sent = [Object.fromEntries(request.query), body, ...views].flatMap((part) =>
    names.map((name) => Object(part)[name]),
  );
  if (sent.every((value) => value === undefined || value === null || value === '')) return;
  throw new GatewayError('NOT_SUPPORTED', message);
}

import { GatewayError } from '../../model/errors.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { onlyOne } from './only-one.ts';

/** What is asked for by a name in the query, the body or a view, in that order; none that is empty. */
export function wishesFor(request: LegacyRequest, name: string): readonly unknown[] {
  const body = jsonObjectOf(request);
  const views = [body['phoneCallView']].flat();
  const inQuery = onlyOne(request.query, name, `pc_${name.toLowerCase()}_invalid`);
  const sent = [inQuery, ...[body, ...views].map((part) => Object(part)[name])];
  return sent.filter((value) => value !== undefined && value !== null && value !== '');
}

/** Refuses what nobody here can do: a call without it is not what was asked for. */
export function refuseWishes(
  request: LegacyRequest,
  names: readonly string[],
  message: string,
): void {
  if (names.every((name) => wishesFor(request, name).length === 0)) return;
  throw new GatewayError('NOT_SUPPORTED', message);
}

import { GatewayError } from '../../model/errors.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { parameterOf } from './parameters.ts';

/** The parameters that name a call, the first that is given wins. */
const SCHEMES = [
  ['callID', 'VERBA'],
  ['platformCallID', 'PLATFORM'],
  ['nativeID', 'NATIVE'],
  ['meetingID', 'MEETING'],
] as const;

const STATUSES = { ongoing: 'ONGOING', last: 'LAST', next: 'NEXT' } as const;

/** The call that a request is about. @param alias another name that the action has for `callID`, which goes first. */
export function selectorOf(request: LegacyRequest, alias?: string) {
  const given = alias === undefined ? undefined : parameterOf(request, alias);
  if (given !== undefined) return { identifier: { scheme: 'VERBA' as const, value: given } };
  for (const [name, scheme] of SCHEMES) {
    const value = parameterOf(request, name);
    if (value !== undefined) return { identifier: { scheme, value } };
  }
  const extension = parameterOf(request, 'extension');
  if (extension === undefined) {
    const names = SCHEMES.map(([name]) => name).join(', ');
    throw new GatewayError('BAD_INPUT', `One of ${names} and extension is mandatory.`);
  }
  return { number: unescapedPlus(extension), status: statusOf(request) };
}

/** A plus sign that was not escaped is a space in a query. */
export const unescapedPlus = (number: string) => number.replace(/^ /, '+');

function statusOf(request: LegacyRequest) {
  const sent = parameterOf(request, 'status');
  if (sent === undefined) {
    throw new GatewayError('BAD_INPUT', 'status is mandatory if extension is specified.');
  }
  return sent.split(',').map((one) => {
    const word = one.trim().toLowerCase();
    if (word === 'ongoing' || word === 'last' || word === 'next') return STATUSES[word];
    throw new GatewayError('BAD_INPUT', 'status must be a list of ongoing, last and next.');
  });
}

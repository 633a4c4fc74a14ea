import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { Fault } from './fault.ts';

/** What a client may take for the place of a call's id. */
const NAMES = ['id', 'phoneCallId'];

/**
 * Refuses a body that names another call than the path does: it would not be looked at, and without a call in the path
 * all calls of the extension are meant.
 */
export function refuseOtherCall(request: LegacyRequest, callId?: string): void {
  const body = jsonObjectOf(request);
  const isOther = (sent: unknown) => sent !== undefined && sent !== null && sent !== callId;
  const name = NAMES.find((one) => isOther(body[one]));
  if (name === undefined) return;
  throw new Fault(
    'pc_phonecall_invalid',
    callId === undefined
      ? `The ${name} must stand in the URI: without it all calls of the extension are meant.`
      : `The ${name} must be the phoneCallId in the URI.`,
  );
}

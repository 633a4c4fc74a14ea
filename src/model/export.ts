import { type CallView, durationOf } from './call.ts';
import { GatewayError } from './errors.ts';
import { isUuid } from './identifiers.ts';
import type { Json } from './json.ts';

/** A place in an export: after this call, in the order in which calls came to their end. */
export interface ExportPosition {
  /** The database's life: a position of another one means nothing. */
  readonly epoch: string;
  readonly xid: string;
  readonly callId: string;
}

/** The text that whoever exports keeps; opaque to them. */
export const encodeExportPosition = ({ epoch, xid, callId }: ExportPosition) =>
  Buffer.from(`${epoch}.${xid}.${callId}`).toString('base64url');

/** What was given back; refuses what no export ever gave. */
export function decodeExportPosition(text: string): ExportPosition {
  const [epoch = '', xid = '', callId = '', ...rest] = Buffer.from(text, 'base64url')
    .toString()
    .split('.');
  const fits = /^[0-9a-f]{12}$/.test(epoch) && /^\d{1,19}$/.test(xid) && isUuid(callId);
  if (fits && rest.length === 0) return { epoch, xid, callId };
  throw new GatewayError('BAD_INPUT', '`after` is not a position of an export.');
}

/** The columns of a call detail record, in order. */
export const RECORD_FIELDS = [
  ...['position', 'id', 'connector', 'direction', 'callType', 'ani', 'dnis', 'offeredAt'],
  ...['answeredAt', 'endedAt', 'duration', 'disposition', 'q850Cause', 'endedBy', 'heldForLegal'],
  ...['version', 'participants', 'identifiers', 'userData'],
] as const;

/** A call detail record: an ended call, and where the export stands after it. Times are ISO 8601 in UTC. */
export function detailRecord(call: CallView, position: string): Readonly<Record<string, Json>> {
  const iso = (moment: string | null) => (moment ? new Date(moment).toISOString() : null);
  const { participants = [], identifiers = [], userData = null } = call;
  return {
    ...{ position, id: call.id, connector: call.connector, direction: call.direction },
    ...{ callType: call.callType, ani: call.ani, dnis: call.dnis, offeredAt: iso(call.offeredAt) },
    ...{ answeredAt: iso(call.answeredAt), endedAt: iso(call.endedAt) },
    ...{ duration: durationOf(call, new Date(0)), disposition: call.disposition },
    ...{ q850Cause: call.q850Cause, endedBy: call.endedBy, heldForLegal: call.heldForLegal },
    version: call.version,
    participants: participants.map(({ sequence, role, number, name, answeredAt, leftAt }) => ({
      ...{ sequence, role, number, name, answeredAt: iso(answeredAt), leftAt: iso(leftAt) },
    })),
    identifiers: identifiers.map(({ scheme, value }) => ({ scheme, value })),
    userData,
  };
}

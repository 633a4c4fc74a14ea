import { GatewayError } from '../model/errors.ts';

/** A place in the log: everything up to here has been read. Only meaningful in one life of the database. */
export interface Position {
  readonly epoch: string;
  readonly xid: bigint;
  readonly id: bigint;
}

/** Given with each call of an unfinished snapshot: resuming there begins a new snapshot. */
const SNAPSHOT = 'snapshot';

/** The text that clients keep; opaque to them. */
export const encodePosition = ({ epoch, xid, id }: Position) =>
  Buffer.from(`${epoch}.${xid}.${id}`).toString('base64url');

/** The position of a message in the midst of a snapshot. */
export const snapshotPosition = (epoch: string) =>
  Buffer.from(`${epoch}.${SNAPSHOT}`).toString('base64url');

/** What a client gave back; null asks for a new snapshot. Refuses what no Tandem ever gave. */
export function decodePosition(text: string): Position | null {
  const bytes = Buffer.from(text, 'base64url');
  const parts = /^([0-9a-f]{12})\.(?:(\d{1,20})\.(\d{1,19})|snapshot)$/.exec(bytes.toString());
  // Node passes over what is no base64.
  if (!parts || bytes.toString('base64url') !== text)
    throw new GatewayError('BAD_INPUT', '`after` is not a position of this feed.');
  const [, epoch = '', xid, id] = parts;
  return xid && id ? { epoch, xid: BigInt(xid), id: BigInt(id) } : null;
}

/** Negative when `a` comes first. */
export function comparePositions(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}

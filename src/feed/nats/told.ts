import type { Change } from '../feed.ts';
import { comparePositions, decodePosition, encodePosition, type Position } from '../position.ts';

/**
 * What the relay says: between these two positions the log has nothing but, at the second, this entry. Whoever
 * knows the log up to the first, or beyond, may go on from the second; nobody needs to trust the stream for more.
 */
export interface Told {
  readonly after: Position;
  readonly at: Position;
  /** Null says how far the log goes, and that the relay lives. */
  readonly change: Change | null;
  /** No entry after it is of a transaction below this. */
  readonly horizon: bigint;
  /** Whether committed entries wait for an older transaction to end. */
  readonly blocked: boolean;
  /** Whether the relay says farewell. */
  readonly leaves: boolean;
}

export const encodeTold = ({ after, at, horizon, ...rest }: Told): string =>
  JSON.stringify({
    ...{ after: encodePosition(after), at: encodePosition(at), horizon: String(horizon) },
    ...rest,
  });

type Written = Omit<Told, 'after' | 'at' | 'horizon'> & Record<'after' | 'at' | 'horizon', string>;

/** @throws when this is none. */
export function decodeTold(text: string): Told {
  const told: Written = JSON.parse(text);
  const after = decodePosition(told.after);
  const at = decodePosition(told.at);
  if (!after || !at || comparePositions(at, after) < 0) throw new Error('No message of a relay.');
  return { ...told, after, at, horizon: BigInt(told.horizon) };
}

/** The stream of one life of the database. */
export const streamOf = (epoch: string) => `tandem-${epoch}`;

/** Where the relay says how far the log goes. */
export const headSubject = (epoch: string) => `tandem.${epoch}.head`;

/** An organization's are `tandem.<epoch>.<organization>.>`. */
export const subjectOf = ({ at, change }: Told) =>
  change ? `tandem.${at.epoch}.${change.organizationId}.${change.callId}` : headSubject(at.epoch);

export const allSubjects = (epoch: string) => `tandem.${epoch}.>`;

/** Not in the stream: here writers say that there is something to relay. */
export const bellSubject = (epoch: string) => `tandem-bell.${epoch}`;

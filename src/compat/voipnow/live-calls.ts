import { GatewayError } from '../../model/errors.ts';
import { isOf } from '../../model/left-behind.ts';
import type { Execute } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { isOfExtension, type Leg } from './leg-of.ts';

const WhoAsks = graphql('query VoipnowWhoAsks { viewer { number accountType } }');

/** The states of a call that is up. */
export const LIVE = ['DIALING', 'RINGING', 'CONNECTED', 'HELD'] as const;

/** The user and the extension of a path. */
export interface Place {
  readonly userId: string;
  readonly extension: string;
}

/** A call with its legs. */
interface CallOfLegs {
  readonly state: Leg['state'];
  readonly participants: readonly Leg[];
}

/** Whether a call is theirs. */
type IsTheirs = (call: CallOfLegs) => boolean;

/**
 * The extension of a path whose calls are meant; null means all of the user's. `@owner` is the owner of the extension,
 * so without a call `@self` says nothing about whose calls.
 */
export function extensionOf(
  userId: string,
  extension: string,
  callId: string | undefined,
): string | null {
  if (extension !== '@self') return extension;
  if (userId !== '@owner' || callId !== undefined) return null;
  throw new GatewayError('EXTENSION_NOT_FOUND');
}

/** The user's number that the path means: whose calls are commanded where it names no extension. */
export async function ownerOf(execute: Execute, { userId, extension }: Place): Promise<string> {
  // Nobody commands a whole organization's calls by saying `@me`.
  const isOwn = extension === '@self' && userId.startsWith('@');
  return isOwn ? (await execute(WhoAsks, {})).viewer.number : userId;
}

/** Tells the calls of an extension, or of a user that is named, from those that it has left to others. */
export const theirsOf =
  ({ userId, extension }: Place): IsTheirs =>
  (call) =>
    isOf(call, (leg) =>
      extension === '@self'
        ? leg.extension?.owner?.number === userId
        : isOfExtension(leg, extension),
    );

/** The same for what a path shows; null means that all are theirs, for accounts above have what is below them. */
export async function shownBelow(execute: Execute, place: Place): Promise<IsTheirs | null> {
  if (place.extension !== '@self' || !place.userId.startsWith('@')) return theirsOf(place);
  const { number, accountType } = (await execute(WhoAsks, {})).viewer;
  return accountType === 'USER' ? theirsOf({ ...place, userId: number }) : null;
}

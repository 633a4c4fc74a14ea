import { nameIn } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { type CallParty, type CallWithParties, viewsOf } from './call-views.ts';
import { dateOf, only, withoutNulls } from './collection.ts';
import type { Resource } from './filter.ts';
import type { Leg } from './leg-of.ts';
import { linkBelow } from './links.ts';
import { type Fields, fieldsOf } from './standard-parameters.ts';

/** PhoneCalls Resource; what a list may be filtered by is List PhoneCalls'. */
export const CALL_FIELDS: Fields = {
  all: [
    ...['id', 'extension', 'ownerId', 'ownerName', 'published', 'answered', 'nonce'],
    ...['phoneCallView', 'links'],
  ],
  filterable: ['id', 'published'],
};

const ALL_BUT_EXTENSIONS = `
  id state direction ani dnis offeredAt answeredAt recordingSince userData
  organization { key name } identifiers { scheme value }
  participants {
    sequence role number name state ringingAt answeredAt heldAt leftAt disposition
    parkedAt parkedPosition parkedBy` as const;

/** The selection that a resource is made of. */
export const CALL = `${ALL_BUT_EXTENSIONS} extension { number kind } }` as const;

/** The same, and whose its legs are. */
export const OWNED_CALL =
  `${ALL_BUT_EXTENSIONS} extension { number kind shortNumber owner { number } } }` as const;

/** What that selection gives. */
export interface CallNode extends CallWithParties {
  readonly id: string;
  readonly answeredAt: string | null;
  readonly userData: JsonObject | null;
  readonly organization: { readonly key: string; readonly name: string };
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[];
}

/** What the selection of owned ones gives. */
export interface OwnedCallNode extends CallNode {
  readonly participants: readonly (CallParty & Leg)[];
}

/** A call as clients read it; its own link stays below the user and the extension that were asked for. */
export function callResource(
  call: CallNode,
  request: LegacyRequest,
  { userId, extension }: { readonly userId: string; readonly extension: string },
): Resource {
  const id = nameIn('VOIPNOW', call);
  const nonce = call.userData?.[NONCE];
  return withoutNulls({
    id,
    extension: chargedOf(call),
    ownerId: call.organization.key,
    ownerName: call.organization.name,
    published: dateOf(call.offeredAt),
    answered: dateOf(call.answeredAt),
    nonce: typeof nonce === 'string' ? nonce : null,
    phoneCallView: viewsOf(call),
    links: { self: linkBelow(request, ['phoneCalls', userId, extension, id]) },
  });
}

/** The answer to Create: a list of the one call, with the fields that were asked for. */
export const createdCall = (
  call: CallNode,
  request: LegacyRequest,
  place: { readonly userId: string; readonly extension: string },
): Response =>
  Response.json([only(fieldsOf(request.query, CALL_FIELDS), callResource(call, request, place))]);

/** The key in a call's user data under which Create keeps what the client will know it again by. */
export const NONCE = 'nonce';

/** Who calls pays; a call from outside is the first extension's that it reached. */
function chargedOf({ participants }: CallNode): string | null {
  const isExtension = ({ extension }: CallParty) => extension !== null;
  const caller = participants.find((party) => party.role === 'CALLER' && isExtension(party));
  return (caller ?? participants.find(isExtension))?.extension?.number ?? null;
}

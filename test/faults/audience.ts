import type { Concern, Entry } from './history.ts';

/** What a subscriber may see, and wants. Absent means all. */
export interface Audience {
  readonly organizationId?: string;
  readonly ownerId?: string;
  readonly extensionIds?: readonly string[];
  readonly callIds?: readonly string[];
  readonly kinds?: readonly string[];
  readonly states?: readonly string[];
}

/** Said once more and in other words than in the feed, so that a mistake there is none here. */
export function mayHear(audience: Audience, callId: string, concern: Concern): boolean {
  const { organizationId, ownerId, extensionIds, callIds } = audience;
  return (
    (!organizationId || concern.organizationId === organizationId) &&
    (!ownerId || concern.ownerIds.includes(ownerId)) &&
    (!extensionIds || !new Set(extensionIds).isDisjointFrom(new Set(concern.extensionIds))) &&
    (!callIds || callIds.includes(callId))
  );
}

/** Whether an entry is for this subscriber; a deletion is, whatever the states. */
export const wants = (audience: Audience, entry: Entry): boolean =>
  mayHear(audience, entry.callId, entry) &&
  (!audience.kinds || audience.kinds.includes(entry.kind)) &&
  (!audience.states || entry.state === null || audience.states.includes(entry.state));

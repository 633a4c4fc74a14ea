import type { Visibility } from '../model/visibility.ts';
import type { Change, ChangeFilter, FeedRequest } from './feed.ts';

/** Whether a change is for whoever asked this. */
export function concerns(change: Change, { visibility, filter = {} }: FeedRequest): boolean {
  return isVisible(change, visibility) && matches(change, filter);
}

function isVisible(change: Change, { organizationId, ownerId }: Visibility): boolean {
  if (organizationId !== null && change.organizationId !== organizationId) return false;
  return ownerId === null || change.ownerIds.includes(ownerId);
}

function matches(change: Change, { extensionIds, callIds, kinds, states }: ChangeFilter): boolean {
  if (callIds && !callIds.includes(change.callId)) return false;
  if (kinds && !kinds.includes(change.kind)) return false;
  if (extensionIds && !extensionIds.some((id) => change.extensionIds.includes(id))) return false;
  // A tombstone has no state, and whoever followed the call must learn that it is gone.
  return !states || change.call === null || states.includes(change.call.state);
}

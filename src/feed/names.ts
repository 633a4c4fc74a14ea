import type { Change, FeedRequest } from './feed.ts';

/** What the narrowest name of a topic is of. */
export type NameKind = 'call' | 'extension' | 'owner' | 'organization' | 'all';

/** The only name of its kind: every change has it. */
export const EVERYTHING = '';

/** Names of one kind. */
export type Names = readonly [NameKind, readonly string[]];

/** What every change has. */
export const ALL: Names = ['all', [EVERYTHING]];

/** The narrowest names of which a change must have one to concern a request. */
export function namesFor({ visibility, filter = {} }: FeedRequest): Names {
  if (filter.callIds) return ['call', filter.callIds];
  if (filter.extensionIds) return ['extension', filter.extensionIds];
  if (visibility.ownerId !== null) return ['owner', [visibility.ownerId]];
  if (visibility.organizationId !== null) return ['organization', [visibility.organizationId]];
  return ALL;
}

/** The names of one kind that a change has. */
export function namesOf(change: Change, kind: NameKind): readonly string[] {
  if (kind === 'call') return [change.callId];
  if (kind === 'extension') return change.extensionIds;
  if (kind === 'owner') return change.ownerIds;
  return [kind === 'organization' ? change.organizationId : EVERYTHING];
}

import { concerns } from './concerns.ts';
import type { Change, FeedRequest } from './feed.ts';

/** What some members want, and may see. */
export interface Topic<Member> {
  readonly members: Set<Member>;
}

/** Topics by what a change must name to concern them, so that a change looks at no others. */
export interface Topics<Member> {
  /** Makes somebody a member of the topic that a request names. */
  add(request: FeedRequest, member: Member): void;
  remove(request: FeedRequest, member: Member): void;
  /** Whom a change concerns, topic by topic. */
  concernedBy(change: Change): Iterable<ReadonlySet<Member>>;
}

interface Indexed<Member> extends Topic<Member> {
  readonly request: FeedRequest;
}

export function createTopics<Member>(): Topics<Member> {
  const topics = new Map<string, Indexed<Member>>();
  const byName = new Map<string, Set<Indexed<Member>>>();

  function open(key: string, request: FeedRequest): Indexed<Member> {
    const topic = { request, members: new Set<Member>() };
    topics.set(key, topic);
    for (const name of namesFor(request)) {
      const indexed = byName.get(name) ?? new Set();
      byName.set(name, indexed.add(topic));
    }
    return topic;
  }

  function close(key: string, topic: Indexed<Member>) {
    topics.delete(key);
    for (const name of namesFor(topic.request)) {
      const indexed = byName.get(name);
      indexed?.delete(topic);
      if (indexed?.size === 0) byName.delete(name);
    }
  }

  return {
    add: (request, member) => {
      const key = keyOf(request);
      (topics.get(key) ?? open(key, request)).members.add(member);
    },
    remove: (request, member) => {
      const key = keyOf(request);
      const topic = topics.get(key);
      topic?.members.delete(member);
      if (topic?.members.size === 0) close(key, topic);
    },
    *concernedBy(change) {
      const seen = new Set<Indexed<Member>>();
      for (const name of namesIn(change)) {
        for (const topic of byName.get(name) ?? []) {
          if (seen.has(topic) || !concerns(change, topic.request)) continue;
          seen.add(topic);
          yield topic.members;
        }
      }
    },
  };
}

const keyOf = ({ visibility, filter }: FeedRequest) => JSON.stringify([visibility, filter]);

/** The narrowest names of which a change must have one to concern a request. */
function namesFor({ visibility, filter = {} }: FeedRequest): readonly string[] {
  if (filter.callIds) return filter.callIds.map((id) => `call ${id}`);
  if (filter.extensionIds) return filter.extensionIds.map((id) => `extension ${id}`);
  if (visibility.ownerId !== null) return [`owner ${visibility.ownerId}`];
  if (visibility.organizationId !== null) return [`organization ${visibility.organizationId}`];
  return ['all'];
}

/** Every name that a change has. */
const namesIn = ({ organizationId, callId, extensionIds, ownerIds }: Change): readonly string[] => [
  `call ${callId}`,
  ...extensionIds.map((id) => `extension ${id}`),
  ...ownerIds.map((id) => `owner ${id}`),
  `organization ${organizationId}`,
  'all',
];

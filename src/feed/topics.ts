import { concerns } from './concerns.ts';
import type { Change, FeedRequest } from './feed.ts';
import { EVERYTHING, type NameKind, namesFor } from './names.ts';

/** Topics by what a change must name to concern them, so that a change looks at no others. */
export interface Topics<Member> {
  /** Makes somebody a member of the topic that a request names. */
  add(request: FeedRequest, member: Member): void;
  remove(request: FeedRequest, member: Member): void;
  /** Calls with those whom a change concerns, topic by topic. */
  forConcerned(change: Change, tell: (members: ReadonlySet<Member>) => void): void;
}

/** What some members want, and may see. */
interface Topic<Member> {
  readonly request: FeedRequest;
  readonly members: Set<Member>;
  /** How many changes were looked for when it was last found; one may name it more than once. */
  foundAt: number;
}

type Index<Member> = Record<NameKind, Map<string, Set<Topic<Member>>>>;

export function createTopics<Member>(): Topics<Member> {
  const topics = new Map<string, Topic<Member>>();
  // A map for each kind: putting names together would cost more than finding them.
  const index: Index<Member> = {
    ...{ call: new Map(), extension: new Map(), owner: new Map() },
    ...{ organization: new Map(), all: new Map() },
  };
  let looks = 0;

  function open(key: string, request: FeedRequest): Topic<Member> {
    const topic = { request, members: new Set<Member>(), foundAt: 0 };
    topics.set(key, topic);
    const [kind, names] = namesFor(request);
    for (const name of names) {
      const indexed = index[kind].get(name) ?? new Set();
      index[kind].set(name, indexed.add(topic));
    }
    return topic;
  }

  function close(key: string, topic: Topic<Member>) {
    topics.delete(key);
    const [kind, names] = namesFor(topic.request);
    for (const name of names) {
      const indexed = index[kind].get(name);
      indexed?.delete(topic);
      if (indexed?.size === 0) index[kind].delete(name);
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
    forConcerned(change, tell) {
      looks += 1;
      const look = (kind: NameKind, name: string) => {
        const names = index[kind];
        // Where nobody looks, a name need not be hashed.
        if (names.size === 0) return;
        for (const topic of names.get(name) ?? []) {
          if (topic.foundAt === looks || !concerns(change, topic.request)) continue;
          topic.foundAt = looks;
          tell(topic.members);
        }
      };
      look('call', change.callId);
      for (const id of change.extensionIds) look('extension', id);
      for (const id of change.ownerIds) look('owner', id);
      look('organization', change.organizationId);
      look('all', EVERYTHING);
    },
  };
}

const keyOf = ({ visibility, filter }: FeedRequest) => JSON.stringify([visibility, filter]);

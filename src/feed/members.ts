import { addAbortListener } from 'node:events';
import type { ChangeMessage, FeedMessage, FeedRequest, Receiver } from './feed.ts';
import type { Position } from './position.ts';
import { createTopics } from './topics.ts';

/** When somebody was last told anything, here or elsewhere. */
export interface Clock {
  toldAt: number;
}

interface Member {
  readonly receiver: Receiver;
  readonly clock: Clock;
  part(): void;
}

/** Those who are told what comes. */
export interface Members {
  /** Resolves when it parts, with the position up to which it was told. */
  add(request: FeedRequest, receiver: Receiver, clock: Clock): Promise<Position>;
  /** Tells all whom a change concerns. */
  tell(message: ChangeMessage): void;
  /** Tells those who were told nothing since this time. */
  remind(message: FeedMessage, since: number): void;
  /** Sends all away, to find out for themselves. */
  scatter(): void;
}

/** Members who all stand where `toldUpTo` says; whoever cannot take a message parts there, before it. */
export function createMembers(toldUpTo: () => Position): Members {
  const topics = createTopics<Member>();
  const members = new Set<Member>();

  function push(member: Member, message: FeedMessage, now: number) {
    if (member.receiver.push(message)) member.clock.toldAt = now;
    else member.part();
  }

  return {
    add(request, receiver, clock) {
      const { promise, resolve } = Promise.withResolvers<Position>();
      // It may have left already.
      const listening = addAbortListener(request.signal, () => part());
      const part = () => {
        members.delete(member);
        topics.remove(request, member);
        listening[Symbol.dispose]();
        resolve(toldUpTo());
      };
      const member: Member = { receiver, clock, part };
      members.add(member);
      topics.add(request, member);
      return promise;
    },
    tell(message) {
      const now = Date.now();
      topics.forConcerned(message.change, (concerned) => {
        for (const member of concerned) push(member, message, now);
      });
    },
    remind(message, since) {
      const now = Date.now();
      for (const member of members) {
        if (member.clock.toldAt <= since) push(member, message, now);
      }
    },
    scatter() {
      for (const member of members) member.part();
    },
  };
}

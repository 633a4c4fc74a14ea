import { each } from './lanes.ts';
import { leave, type Member, openMember, type Seat } from './member.ts';
import { answerCalls } from './rpc.ts';

interface Group {
  members: Member[];
  received: number;
  wanted: { total: number; reached: () => void } | undefined;
  arrivals: [sequence: number, at: number][];
}

const groups = new Map<string, Group>();
/** Connections that are being made at once. */
const AT_ONCE = 500;

function groupOf(name: string): Group {
  const group = groups.get(name) ?? { members: [], received: 0, wanted: undefined, arrivals: [] };
  groups.set(name, group);
  return group;
}

/** How one call to `connect` seats a group. */
export interface Seating {
  readonly group: string;
  readonly seats: readonly Seat[];
  /** Whether each change is looked into, and the time of its coming kept. */
  readonly watches: boolean;
  /** Whether those who sat there before go on from where they were. */
  readonly resumes?: boolean;
}

const handlers = {
  /** Resolves when all of them are live. */
  connect: async ({ group: name, seats, watches, resumes }: Seating) => {
    const group = groupOf(name);
    const onFrame = () => {
      group.received += 1;
      if (group.received === group.wanted?.total) group.wanted.reached();
    };
    const onChange = (sequence: number, at: number) => void group.arrivals.push([sequence, at]);
    await each(seats.entries(), AT_ONCE, async ([index, seat]) => {
      const before = resumes ? group.members[index] : undefined;
      const member = openMember(seat, { onFrame, onChange: watches ? onChange : null, before });
      group.members[index] = member;
      await member.live;
    });
  },
  /** Resolves when a group has got so many changes in all. */
  reached: async (name: string, total: number) => {
    const group = groupOf(name);
    if (group.received >= total) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    group.wanted = { total, reached: resolve };
    await promise;
  },
  tally: (name: string) => {
    const { members, received } = groupOf(name);
    const counts = members.map((member) => member.received);
    return {
      received,
      fewest: Math.min(...counts),
      most: Math.max(...counts),
      disordered: members.reduce((sum, { disordered }) => sum + disordered, 0),
    };
  },
  /** Numbers and times of the changes that came since the last time. */
  arrivals: (name: string) => groupOf(name).arrivals.splice(0),
  /** A change as it came. */
  frame: (name: string) => String(groupOf(name).members[0]?.frame),
  /** Stops reading, without a word. */
  stall: (name: string) => {
    for (const { socket } of groupOf(name).members) socket.pause();
  },
  leave: async (name: string) => {
    await each(groupOf(name).members, AT_ONCE, leave);
  },
};

/** What the crowd can be asked. */
export type Crowd = typeof handlers;

answerCalls(handlers);
process.on('disconnect', () => process.exit());

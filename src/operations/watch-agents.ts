import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';

const LOOK_MS = 500;

/** What has changed about an agent. */
export interface AgentChange {
  /** Whether it is what the agent does, or what becomes of calls to its telephones alone. */
  readonly hasState: boolean;
}

type Tell = (change: AgentChange) => void;

/** Looks after what users do as agents, and with their telephones, whichever process they said it to. */
export interface AgentWatch extends Disposable {
  /** Tells of each change from now on; gives back what ends that. */
  watch(userId: string, tell: Tell): () => void;
  /** Looks at once, for something of the user has just been changed here. */
  look(userId: string): void;
}

/** What can change, as texts to compare; null where nothing was ever said. */
interface Desk {
  readonly userId: string;
  readonly state: string | null;
  readonly devices: string | null;
}

interface Watched {
  readonly tells: Set<Tell>;
  /** Undefined until the first look. */
  last?: Desk;
}

/**
 * One statement each half second, whatever the number of users, and none while nobody is watched; what is changed in
 * this process is seen at once besides.
 */
export function startAgentWatch(
  on: Executor,
  onError: (error: unknown) => void,
  everyMs = LOOK_MS,
): AgentWatch {
  const watched = new Map<string, Watched>();
  const due = new Set<string>();
  let isLooking = false;

  /** One after the other: what an earlier look has seen would be news once more after a later one. */
  async function look(userIds: Iterable<string>) {
    for (const userId of userIds) due.add(userId);
    if (isLooking) return;
    isLooking = true;
    try {
      while (due.size > 0) {
        const asked = new Map([...watched].filter(([userId]) => due.has(userId)));
        due.clear();
        if (asked.size === 0) return;
        for (const desk of await readDesks(on, [...asked.keys()])) {
          tellIfNew(asked.get(desk.userId), desk);
        }
      }
    } catch (error) {
      onError(error);
    } finally {
      isLooking = false;
    }
  }

  const timer = setInterval(() => void look(watched.keys()), everyMs);
  return {
    watch(userId, tell) {
      const one = watched.get(userId) ?? { tells: new Set() };
      watched.set(userId, one);
      one.tells.add(tell);
      // What is so already is no change; of others, the next look tells.
      if (one.last === undefined) void look([userId]);
      return () => {
        one.tells.delete(tell);
        if (one.tells.size === 0 && watched.get(userId) === one) watched.delete(userId);
      };
    },
    look: (userId) => void look([userId]),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** One row for each of these users. */
const readDesks = (on: Executor, userIds: readonly string[]) =>
  on.rows<Desk>(sql`
    select w.id as "userId", a.state || ' ' || coalesce(a.reason, '') || ' ' || a.changed_at as state, d.devices
    from unnest(${sql.param(userIds)}::uuid[]) as w(id) left join agents a on a.user_id = w.id left join (
      select e.owner_id, json_agg(v order by v.extension_id)::text as devices
      from diversions v join extensions e on e.id = v.extension_id
      where e.owner_id = any(${sql.param(userIds)}::uuid[]) group by e.owner_id
    ) d on d.owner_id = w.id`);

function tellIfNew(one: Watched | undefined, desk: Desk | undefined): void {
  if (!one || !desk) return;
  const before = one.last;
  one.last = desk;
  if (before === undefined) return;
  const hasState = before.state !== desk.state;
  if (!hasState && before.devices === desk.devices) return;
  for (const tell of one.tells) tell({ hasState });
}

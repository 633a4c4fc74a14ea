import type { AgentView } from '../model/agent.ts';
import type { Executor } from '../store/database.ts';
import { readAgents } from './agent-state.ts';

const LOOK_MS = 500;

/** Looks after what users do as agents, whichever process they said it to. */
export interface AgentWatch extends Disposable {
  /** Tells of each change from now on; gives back what ends that. */
  watch(userId: string, tell: () => void): () => void;
}

interface Watched {
  readonly tells: Set<() => void>;
  /** Undefined until the first look. */
  last?: string;
}

/** One statement each half second, whatever the number of users; none while nobody is watched. */
export function startAgentWatch(on: Executor, onError: (error: unknown) => void): AgentWatch {
  const watched = new Map<string, Watched>();
  let isLooking = false;

  async function look() {
    if (watched.size === 0 || isLooking) return;
    isLooking = true;
    try {
      const asked = [...watched];
      const agents = await readAgents(
        on,
        asked.map(([userId]) => userId),
      );
      for (const [userId, one] of asked) tellIfNew(one, agents.get(userId));
    } catch (error) {
      onError(error);
    } finally {
      isLooking = false;
    }
  }

  const timer = setInterval(look, LOOK_MS);
  return {
    watch(userId, tell) {
      const one = watched.get(userId) ?? { tells: new Set() };
      watched.set(userId, one);
      one.tells.add(tell);
      // What is so already is no change; of others, the next look tells.
      if (one.last === undefined) {
        readAgents(on, [userId]).then((agents) => tellIfNew(one, agents.get(userId)), onError);
      }
      return () => {
        one.tells.delete(tell);
        if (one.tells.size === 0 && watched.get(userId) === one) watched.delete(userId);
      };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function tellIfNew(one: Watched, agent: AgentView | undefined): void {
  const now = JSON.stringify(agent ?? null);
  const before = one.last;
  one.last = now;
  if (before === undefined || before === now) return;
  for (const tell of one.tells) tell();
}

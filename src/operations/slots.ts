import { GatewayError } from '../model/errors.ts';

interface SlotOptions {
  /** How many one user has at a time. */
  readonly each: number;
  /** How many there are for all. */
  readonly all: number;
}

/** Places for what takes long: whoever finds none is told to come back. */
export interface Slots {
  /** Takes one, or refuses with RATE_LIMITED. What it gives back frees the place, once. */
  take(userId: string): () => void;
}

/** When a place may be free, in seconds. */
const COME_BACK_S = 10;

export function createSlots({ each, all }: SlotOptions): Slots {
  const taken = new Map<string, number>();
  let sum = 0;
  const change = (userId: string, by: number) => {
    const count = (taken.get(userId) ?? 0) + by;
    if (count > 0) taken.set(userId, count);
    else taken.delete(userId);
    sum += by;
  };
  return {
    take(userId) {
      if (sum >= all || (taken.get(userId) ?? 0) >= each) {
        const message = `At most ${each} of these run for one user at a time, and ${all} for all.`;
        throw new GatewayError('RATE_LIMITED', message, { retryAfter: COME_BACK_S });
      }
      change(userId, 1);
      let isFree = false;
      return () => {
        if (!isFree) change(userId, -1);
        isFree = true;
      };
    },
  };
}

/** One turn: the time of one subscription. */
export interface Turn {
  isNow(): boolean;
  /** The same function, but not heard any more when another turn has begun. */
  only<Args extends unknown[]>(heard: (...args: Args) => void): (...args: Args) => void;
  /** How to leave this turn's subscription; it is left at once if another turn has begun meanwhile. */
  hold(leave: () => void): void;
  /** Leaves the subscription of the turn before. */
  leaveLast(): void;
}

/** Gives one turn after the other. */
export function createTurns(): { readonly next: () => Turn; readonly now: () => Turn } {
  let held = () => {};
  let now: Turn;

  function next(): Turn {
    const leaveLast = held;
    held = () => {};
    const turn: Turn = {
      isNow: () => turn === now,
      only:
        (heard) =>
        (...args) => {
          if (turn === now) heard(...args);
        },
      hold(leave) {
        if (turn === now) held = leave;
        else leave();
      },
      leaveLast,
    };
    now = turn;
    return turn;
  }
  now = next();
  return { next, now: () => now };
}

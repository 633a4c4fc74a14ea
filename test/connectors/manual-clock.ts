import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/connectors/clock.ts';

interface Timer {
  readonly due: number;
  readonly task: () => void;
}

/** Time that moves only when it is told to. */
export interface ManualClock extends Clock {
  /** Moves on, runs what falls due in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands at the given moment. */
export function createManualClock(start = '2026-01-02T03:04:05.000Z'): ManualClock {
  let time = Date.parse(start);
  const timers = new Set<Timer>();
  const firstUntil = (end: number) =>
    [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  return {
    now: () => new Date(time),
    schedule(ms, task) {
      const timer = { due: time + ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      await setImmediate();
      for (let timer = firstUntil(end); timer; timer = firstUntil(end)) {
        timers.delete(timer);
        time = timer.due;
        timer.task();
        await setImmediate();
      }
      time = end;
    },
  };
}

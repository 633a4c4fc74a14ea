/** Time, passed in so that tests drive it. */
export interface Clock {
  /** The present moment. */
  now(): Date;
  /** Runs `task` once, `ms` from now; what it gives back cancels that. */
  schedule(ms: number, task: () => void): () => void;
}

/** The machine's time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  schedule(ms, task) {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** Runs jobs one at a time, in the order in which they came. */
export interface SerialQueue {
  /** Jobs that wait or run. */
  readonly size: number;
  /** Resolves or rejects as the job does; a job that rejects does not stop the next. */
  add<Result>(job: () => Promise<Result>): Promise<Result>;
  /** Resolves when all that was added so far is done. */
  idle(): Promise<void>;
}

/** An empty queue. */
export function createSerialQueue(): SerialQueue {
  let size = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get size() {
      return size;
    },
    add(job) {
      size += 1;
      const done = last.then(job).finally(() => {
        size -= 1;
      });
      last = done.catch(() => {});
      return done;
    },
    idle: async () => {
      await last;
    },
  };
}

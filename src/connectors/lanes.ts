import { createSerialQueue, type SerialQueue } from './serial-queue.ts';

/** Runs jobs of one key in the order in which they came, and those of some keys beside those of others. */
export interface Lanes {
  /** Jobs that wait or run. */
  readonly size: number;
  /** Resolves or rejects as the job does; a job that rejects does not stop the next. */
  add<Result>(key: string, job: () => Promise<Result>): Promise<Result>;
  /** The same, after all that was added before and before all that is added later, whatever its key. */
  addAlone<Result>(job: () => Promise<Result>): Promise<Result>;
  /** Resolves when all that was added so far is done. */
  idle(): Promise<void>;
}

/** Runs at most `width` jobs at once. */
export function createLanes(width: number): Lanes {
  const lanes = Array.from({ length: width }, createSerialQueue);
  const idle = async () => {
    await Promise.all(lanes.map((lane) => lane.idle()));
  };
  return {
    get size() {
      return lanes.reduce((sum, { size }) => sum + size, 0);
    },
    add: (key, job) => laneOf(lanes, key).add(job),
    addAlone: (job) => {
      const done = idle().then(job);
      const over = () => done.catch(() => {});
      for (const lane of lanes) void lane.add(over);
      return done;
    },
    idle,
  };
}

function laneOf(lanes: readonly SerialQueue[], key: string): SerialQueue {
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  const lane = lanes[hash % lanes.length];
  if (!lane) throw new RangeError('There is no lane.');
  return lane;
}

/** Over this time the rate is taken. */
const SPAN_MS = 500;
/** Up to so many changes a second each is told as soon as can be. */
const CALM = 600;
const LONGEST_REST_MS = 90;

/** How long to rest after a look that found something, by how much has come lately. */
export interface Pace {
  /** Takes what a look found; gives milliseconds. */
  restAfter(news: number): number;
}

/**
 * Looks cost more than what they find: with 500 changes a second there are some 7 ms from look to look. Beyond that, time
 * is taken from the writers, so that a look, or some that follow at once, see what came within a rest that grows with the
 * rate; a burst after silence is no rate yet.
 */
export function createPace(now: () => number = () => performance.now()): Pace {
  let lately = 0;
  let last = now();
  return {
    restAfter(news) {
      const time = now();
      lately = lately * Math.exp((last - time) / SPAN_MS) + news;
      last = time;
      const rate = (lately * 1000) / SPAN_MS;
      const rest = rate < CALM ? 2 + rate / 200 : 5 + (rate - CALM) / 6;
      return Math.min(rest, LONGEST_REST_MS);
    },
  };
}

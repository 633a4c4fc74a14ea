/** What this process has counted of one switch since it started. */
export interface SwitchCounts {
  /** Lists that were taken over. */
  resyncs: number;
  /** Changes that were not written: they came after the end or the deletion of the call, or were overtaken. */
  dropped: number;
  /** Calls that no organization can be found for. */
  unrouted: number;
  /** Digits, or some at once, that were pressed faster than anybody can. */
  overpressed: number;
  /** Ends of calls, and presses, that came while nothing could be written, beyond what is kept. */
  lost: number;
}

export const noCounts = (): SwitchCounts => ({
  resyncs: 0,
  dropped: 0,
  unrouted: 0,
  overpressed: 0,
  lost: 0,
});

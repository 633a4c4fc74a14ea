/** Something to wait for that may ring before anybody waits. */
export interface Alarm {
  ring(): void;
  /** Whether it has rung since the last time, or does within so many milliseconds. */
  within(ms: number): Promise<boolean>;
}

export function createAlarm(): Alarm {
  let rung = false;
  let rouse = () => {};
  return {
    ring: () => {
      rung = true;
      rouse();
    },
    async within(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      rouse = resolve;
      const timer = setTimeout(resolve, ms);
      if (!rung) await promise;
      clearTimeout(timer);
      const answer = rung;
      rung = false;
      return answer;
    },
  };
}

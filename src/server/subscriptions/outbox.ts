/** Sends at the end of a turn what is told in it. */
export interface Outbox {
  /** Calls `send` at the end of this turn, in the order of the calls. */
  add(send: () => void): void;
}

/**
 * Sending is for the most part waking up who receives. Of many messages in one go, most find their readers' machine
 * awake: with a reader each, that halves the cost of sending.
 */
export function createOutbox(): Outbox {
  let sends: (() => void)[] = [];
  const sendAll = () => {
    const ready = sends;
    sends = [];
    for (const send of ready) send();
  };
  return {
    add(send) {
      if (sends.length === 0) queueMicrotask(sendAll);
      sends.push(send);
    },
  };
}

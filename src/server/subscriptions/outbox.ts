type Send = (text: string) => void;

/** Sends at the end of a turn what is told in it. */
export interface Outbox {
  /** In the order of the calls. */
  add(send: Send, text: string): void;
}

/**
 * Sending is for the most part waking up who receives. Of many messages in one go, most find their readers' machine
 * awake: with a reader each, that halves the cost of sending.
 */
export function createOutbox(): Outbox {
  // Side by side instead of in pairs, of which there would be one for each of thousands of readers.
  let sends: Send[] = [];
  let texts: string[] = [];
  const sendAll = () => {
    const [ways, letters] = [sends, texts];
    [sends, texts] = [[], []];
    for (const [index, send] of ways.entries()) send(letters[index] ?? '');
  };
  return {
    add(send, text) {
      if (sends.length === 0) queueMicrotask(sendAll);
      sends.push(send);
      texts.push(text);
    },
  };
}

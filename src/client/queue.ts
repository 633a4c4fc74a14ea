/** Items that wait for one who takes them. */
export interface Queue<Item> {
  /** Gives how many wait now. */
  put(item: Item): number;
  isEmpty(): boolean;
  /** The next item, when it is there; undefined at the end. Throws, once, the error of the end after the last item. */
  take(): Promise<Item | undefined>;
  /** With an error, what waits is taken first; without, it is thrown away. */
  end(error?: Error): void;
}

export function createQueue<Item>(): Queue<Item> {
  const waiting: Item[] = [];
  let isOver = false;
  let failure: Error | undefined;
  let arrived = Promise.withResolvers<void>();

  function wake() {
    arrived.resolve();
    arrived = Promise.withResolvers();
  }

  return {
    put(item) {
      if (!isOver) waiting.push(item);
      wake();
      return waiting.length;
    },
    isEmpty: () => waiting.length === 0,
    async take() {
      while (waiting.length === 0 && !isOver) await arrived.promise;
      const item = waiting.shift();
      if (item || !failure) return item;
      const error = failure;
      failure = undefined;
      throw error;
    },
    end(error) {
      isOver = true;
      failure = error;
      if (!error) waiting.length = 0;
      wake();
    },
  };
}

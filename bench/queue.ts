/** Values pushed by somebody, iterated by somebody else. */
export interface Queue<T> extends AsyncIterable<T> {
  push(value: T): void;
}

export function createQueue<T>(): Queue<T> {
  const values: T[] = [];
  let wake = () => {};
  return {
    push: (value) => {
      values.push(value);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        for (const value of values.splice(0)) yield value;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        if (values.length === 0) await promise;
      }
    },
  };
}

const FIRST = 8;
/** The most that a receiver is sent at a time. */
export const WIDEST = 32;

/** How many requests a receiver is sent at a time: one more with each success, one fewer with each failure. */
export interface Windows {
  /** How many more each receiver may be sent now; one that is not named, `elsewhere`. */
  rooms(): { readonly rooms: Readonly<Record<string, number>>; readonly elsewhere: number };
  begin(receiver: string): void;
  end(receiver: string, wasDelivered: boolean): void;
}

/**
 * A dead receiver soon has one request at a time, which is all that it can keep from others; one that comes back
 * is not run over. What is as it was at first is forgotten.
 */
export function createWindows(): Windows {
  const known = new Map<string, { width: number; underWay: number }>();
  return {
    rooms: () => ({
      rooms: Object.fromEntries(
        [...known].map(([receiver, { width, underWay }]) => [
          receiver,
          Math.max(0, width - underWay),
        ]),
      ),
      elsewhere: FIRST,
    }),
    begin(receiver) {
      const window = known.get(receiver) ?? { width: FIRST, underWay: 0 };
      window.underWay += 1;
      known.set(receiver, window);
    },
    end(receiver, wasDelivered) {
      const window = known.get(receiver);
      if (!window) return;
      window.underWay -= 1;
      window.width = wasDelivered
        ? Math.min(WIDEST, window.width + 1)
        : Math.max(1, window.width - 1);
      if (window.underWay === 0 && window.width >= FIRST) known.delete(receiver);
    },
  };
}

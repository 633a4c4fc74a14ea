const FIRST = 8;
/** The most that a receiver is sent at a time. */
export const WIDEST = 32;
/** The most that all receivers of an organization are sent at a time. */
export const MOST_OF_ORGANIZATION = 64;
/** A receiver of which nothing was heard for so long is as new. */
const IDLE_MS = 3_600_000;

/** How many requests a receiver is sent at a time: one more with each success, one fewer with each failure. */
export interface Windows {
  /**
   * How many more each receiver may be sent now; one that is not named, `elsewhere`. `shares` says so of
   * organizations of which anything is under way.
   */
  rooms(): {
    readonly rooms: Readonly<Record<string, number>>;
    readonly elsewhere: number;
    readonly shares: Readonly<Record<string, number>>;
  };
  /** @param receiver after its organization and a space. */
  begin(receiver: string): void;
  end(receiver: string, wasDelivered: boolean): void;
}

interface Window {
  width: number;
  underWay: number;
  usedAt: number;
}

/**
 * A dead receiver soon has one request at a time, which is all that it can keep from others; one that comes back
 * is not run over. What is as it was at first is forgotten, and so is what is idle.
 */
export function createWindows(now: () => number = Date.now): Windows {
  const known = new Map<string, Window>();
  return {
    rooms() {
      for (const [receiver, { underWay, usedAt }] of known) {
        if (underWay === 0 && usedAt < now() - IDLE_MS) known.delete(receiver);
      }
      const rooms = [...known].map(
        ([receiver, { width, underWay }]) => [receiver, Math.max(0, width - underWay)] as const,
      );
      return { rooms: Object.fromEntries(rooms), elsewhere: FIRST, shares: sharesOf(known) };
    },
    begin(receiver) {
      const window = known.get(receiver) ?? { width: FIRST, underWay: 0, usedAt: 0 };
      window.underWay += 1;
      window.usedAt = now();
      known.set(receiver, window);
    },
    end(receiver, wasDelivered) {
      const window = known.get(receiver);
      if (!window) return;
      window.underWay -= 1;
      window.usedAt = now();
      window.width = wasDelivered
        ? Math.min(WIDEST, window.width + 1)
        : Math.max(1, window.width - 1);
      if (window.underWay === 0 && window.width >= FIRST) known.delete(receiver);
    },
  };
}

/** What each organization has left of its own. */
function sharesOf(known: ReadonlyMap<string, Window>): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const [receiver, { underWay }] of known) {
    const [organization = ''] = receiver.split(' ');
    shares[organization] = (shares[organization] ?? MOST_OF_ORGANIZATION) - underWay;
  }
  return shares;
}

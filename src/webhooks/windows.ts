const FIRST = 8;
/** The most that a receiver is sent at a time. */
export const WIDEST = 32;
/** The most requests at a time, whoever they are for. */
const MOST_UNDER_WAY = 256;
/** An organization may have so many times what is left for others: alone it has most of all, and never all. */
const SHARE = 3;
/** A receiver of which nothing was heard for so long is as new. */
const IDLE_MS = 3_600_000;

/** How many requests are under way, and how many may be. */
interface Room {
  /** How many more may be begun now, all in all. */
  readonly most: number;
  /** How many more each receiver may be sent; one that is not named, `elsewhere`. */
  readonly rooms: Readonly<Record<string, number>>;
  readonly elsewhere: number;
  /** How many more each organization may be sent of which anything is under way; `othersShare` says so of the rest. */
  readonly shares: Readonly<Record<string, number>>;
  readonly othersShare: number;
}

/**
 * How many requests a receiver is sent at a time: one more with each success, one fewer with each failure, and none
 * while it has asked to be left alone, or for a moment when it does nothing but fail.
 */
export interface Windows {
  rooms(): Room;
  /** @param receiver after its organization and a space. */
  begin(receiver: string): void;
  /** @param pauseMs for how long the receiver wants no more requests; at most a minute of it is granted. */
  end(receiver: string, wasDelivered: boolean, pauseMs?: number): void;
}

/** A receiver that has failed more often in a row, when it was sent one request at a time, is as good as dead. */
const DEAD = 16;
const FIRST_REST_MS = 50;
const LONGEST_REST_MS = 2000;

/** For so long a receiver gets nothing at all because one answer asked for it: others come to it, too. */
const LONGEST_PAUSE_MS = 60_000;

interface Window {
  width: number;
  underWay: number;
  usedAt: number;
  pausedUntil: number;
  failuresInARow: number;
  /** Until when a dead one is left alone, unless it answers before. */
  restsUntil: number;
}

const NEW: Readonly<Window> = {
  width: FIRST,
  underWay: 0,
  usedAt: 0,
  pausedUntil: 0,
  failuresInARow: 0,
  restsUntil: 0,
};

/** How long a receiver that fails is left alone: one that is dead would be asked as often as it can fail, for nothing. */
const restAfter = (failuresInARow: number) =>
  failuresInARow <= DEAD
    ? 0
    : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failuresInARow - DEAD - 1));

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
      const rooms = [...known].map(([receiver, window]) => {
        const { width, underWay, pausedUntil, restsUntil } = window;
        const isLeftAlone = Math.max(pausedUntil, restsUntil) > now();
        const room = isLeftAlone ? 0 : Math.max(0, width - underWay);
        return [receiver, room] as const;
      });
      return { rooms: Object.fromEntries(rooms), elsewhere: FIRST, ...sharesOf(known) };
    },
    begin(receiver) {
      const window = known.get(receiver) ?? { ...NEW };
      window.underWay += 1;
      window.usedAt = now();
      known.set(receiver, window);
    },
    end(receiver, wasDelivered, pauseMs = 0) {
      const window = known.get(receiver);
      if (!window) return;
      window.underWay -= 1;
      window.usedAt = now();
      // Of what was under way at once, all fails for one reason.
      const isAlone = !wasDelivered && window.width === 1;
      window.failuresInARow = isAlone ? window.failuresInARow + 1 : 0;
      window.width = wasDelivered
        ? Math.min(WIDEST, window.width + 1)
        : Math.max(1, window.width - 1);
      window.restsUntil = now() + restAfter(window.failuresInARow);
      const pausedUntil = now() + Math.min(LONGEST_PAUSE_MS, pauseMs);
      window.pausedUntil = Math.max(window.pausedUntil, pausedUntil);
      const isPaused = window.pausedUntil > now();
      if (window.underWay === 0 && window.width >= FIRST && !isPaused) known.delete(receiver);
    },
  };
}

/** What each organization may have of what is free, so that a newcomer always finds some of it. */
function sharesOf(known: ReadonlyMap<string, Window>) {
  const own = new Map<string, number>();
  for (const [receiver, { underWay }] of known) {
    const [organization = ''] = receiver.split(' ');
    own.set(organization, (own.get(organization) ?? 0) + underWay);
  }
  const most = MOST_UNDER_WAY - [...own.values()].reduce((sum, underWay) => sum + underWay, 0);
  // What it takes comes off what is free: own + more <= SHARE * (most - more).
  const shareOf = (underWay: number) =>
    Math.max(0, Math.ceil((SHARE * most - underWay) / (SHARE + 1)));
  const shares = [...own].map(([organization, underWay]) => [organization, shareOf(underWay)]);
  return { most, shares: Object.fromEntries(shares), othersShare: shareOf(0) };
}

import type { Credentials } from '../model/credentials.ts';
import type { Log } from '../observe/log.ts';

/** What somebody logs in by; apps do by their secret where they get tokens. */
export type LogIn = Credentials['kind'] | 'appSecret';

/** Hears that somebody was not let in, by what he tried and from which address. */
export type TellRefused = (by: LogIn, peer: string) => void;

const EVERY_MS = 60_000;
/** Of those from which the most came: whoever has many could fill the log. */
const MOST_PEERS = 10;
/** And memory: the rest is counted together. */
const MOST_COUNTED = 10_000;
const OTHERS = 'others';

/**
 * Tells the operator of refused log-ins: the first at once, and those of each further minute together. Names, tokens and
 * passwords are in none of it; addresses are, for without them nobody could be kept out.
 */
export function tellRefusedLogIns(log: Pick<Log, 'warn'>): TellRefused {
  const peers = new Map<string, number>();
  const kinds = new Set<string>();
  let resting: NodeJS.Timeout | undefined;

  function say() {
    resting = undefined;
    if (peers.size === 0) return;
    const counted = [...peers].toSorted(([, a], [, b]) => b - a);
    const refused = counted.reduce((sum, [, count]) => sum + count, 0);
    const from = Object.fromEntries(counted.slice(0, MOST_PEERS));
    log.warn({ refused, by: [...kinds], from, addresses: peers.size }, 'log-ins were refused');
    peers.clear();
    kinds.clear();
    resting = setTimeout(say, EVERY_MS).unref();
  }

  return (by, peer) => {
    const known = peers.has(peer) || peers.size < MOST_COUNTED ? peer : OTHERS;
    peers.set(known, (peers.get(known) ?? 0) + 1);
    kinds.add(by);
    if (!resting) say();
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { createAlarm } from '../model/alarm.ts';
import type { AttemptError } from '../model/event-delivery.ts';
import { isAway } from '../store/away.ts';
import type { Database } from '../store/database.ts';
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts';
import type { SendRequest } from './guarded-request.ts';
import { sendDelivery } from './send-delivery.ts';
import { type WebhookLog, warnings } from './warnings.ts';
import { createWindows } from './windows.ts';

/** How often it looks for what is due without being told. */
const IDLE_MS = 500;
/** Between two looks: what comes at the same time is taken together. */
const PACE_MS = 5;
/** How often it looks at most because calls have changed: few of the changes fire anything. */
const WAKE_MS = 50;
/** How long a stop waits for answers. */
const GRACE_MS = 1000;

/** What the process has tried since it began: delivered, or why not. */
export type WebhookCounts = ReadonlyMap<AttemptError | 'DELIVERED', number>;

/** Sends what rules have fired, as long as it lives. */
export interface Webhooks extends AsyncDisposable {
  /** Something may have been fired. */
  wake(): void;
  readonly counts: WebhookCounts;
}

interface Options {
  readonly database: Database;
  readonly send: SendRequest;
  readonly log: WebhookLog;
  readonly onError: (error: unknown) => void;
}

/**
 * Sends firings to their receivers: in the order of their lanes, and again until they are delivered. Any number of
 * processes may do so on one database; what one of them had taken when it died is another's after its lease.
 */
export function startWebhooks({ database, send, log, onError }: Options): Webhooks {
  const stopping = new AbortController();
  const cutting = new AbortController();
  const alarm = createAlarm();
  const windows = createWindows();
  const underWay = new Set<Promise<void>>();
  const counts = new Map<AttemptError | 'DELIVERED', number>();
  const told = tellOnce(onError);
  const warnOf = warnings(log);

  async function deliver(claim: ClaimedDelivery) {
    windows.begin(claim.receiver);
    let wasDelivered = false;
    let pauseMs = 0;
    try {
      const sent = await sendDelivery({ database, send, stop: cutting.signal }, claim);
      wasDelivered = sent.outcome === 'DELIVERED';
      pauseMs = sent.retryAfterMs ?? 0;
      const key = sent.error ?? 'DELIVERED';
      counts.set(key, (counts.get(key) ?? 0) + 1);
      warnOf(claim, sent);
    } catch (error) {
      // Its lease ends, and then it is sent again.
      told.trouble(error);
    } finally {
      windows.end(claim.receiver, wasDelivered, pauseMs);
      alarm.ring();
    }
  }

  /** Says whether anything was due. */
  async function turn(): Promise<boolean> {
    const room = windows.rooms();
    if (room.most === 0) return false;
    const claims = await claimDeliveries(database, room);
    told.well();
    for (const claim of claims) {
      const delivering = deliver(claim);
      underWay.add(delivering);
      void delivering.finally(() => underWay.delete(delivering));
    }
    return claims.length > 0;
  }

  async function work() {
    while (!stopping.signal.aborted) {
      const wasBusy = await turn().catch((error: unknown) => {
        told.trouble(error);
        return false;
      });
      await wait(PACE_MS);
      if (!wasBusy) await alarm.within(IDLE_MS);
    }
  }

  const working = work();
  return {
    wake: atMostEvery(WAKE_MS, alarm.ring),
    counts,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      alarm.ring();
      await working;
      const cut = setTimeout(() => cutting.abort(), GRACE_MS);
      await Promise.all(underWay);
      clearTimeout(cut);
    },
  };
}

/** Does it at once, or as soon as the last time is so long ago: once for all who have asked meanwhile. */
function atMostEvery(ms: number, act: () => void): () => void {
  let isResting = false;
  let isAsked = false;
  return function ask() {
    isAsked = isResting;
    if (isResting) return;
    act();
    isResting = true;
    const rested = () => {
      isResting = false;
      if (isAsked) ask();
    };
    setTimeout(rested, ms).unref();
  };
}

/** While Postgres is away every look fails for the same reason, which is said once. */
function tellOnce(onError: (error: unknown) => void) {
  let said = '';
  return {
    trouble(error: unknown) {
      const text = isAway(error) ? 'away' : String(error);
      if (text !== said) onError(error);
      said = text;
    },
    well() {
      said = '';
    },
  };
}

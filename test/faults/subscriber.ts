import { setTimeout as after } from 'node:timers/promises';
import type { Berth } from './fleet.ts';
import { documentOf, type Era, type Heard, heardIn, newEra } from './heard.ts';
import type { SubscriberPlan } from './plan.ts';
import { type Line, type Result, TRANSPORTS } from './transports.ts';

/** What everybody who takes part in a run has at hand. */
export interface Stage {
  readonly berths: readonly Berth[];
  /** What is committed by now, as Postgres says it; waits until it can be asked. */
  watermark(): Promise<string>;
  /** Ends all following. */
  readonly end: AbortSignal;
}

/** The code of a refusal. */
export interface Refusal {
  readonly code: string;
  readonly at: number;
}

interface Role {
  readonly plan: SubscriberPlan;
  readonly transport: number;
  readonly token: string;
  readonly filter: Readonly<Record<string, readonly string[]>>;
}

/** A client of the feed that goes wherever there is a Tandem, and always comes back. */
export interface Subscriber {
  readonly eras: readonly Era[];
  /** With what it was refused, and when. */
  readonly refusals: readonly Refusal[];
  /** The token that it uses. */
  token(): string;
  /** From its next connection on it uses this one. */
  renew(token: string): void;
  /** Whether it is still connected by another one. */
  clings(): boolean;
  /** How many connections it has had. */
  connections(): number;
  /** Breaks the connection off and stays away for so long, or stops reading for a while. */
  leave(ms: number): void;
  dawdle(ms: number): Promise<void>;
  /** Resolves with true at the next message, or with false after this long. */
  hears(withinMs: number): Promise<boolean>;
  readonly over: Promise<void>;
}

export function subscribe(stage: Stage, { plan, transport, filter, ...role }: Role): Subscriber {
  const eras: Era[] = [];
  const refusals: Refusal[] = [];
  let { token } = role;
  let used = token;
  let connections = 0;
  let position: string | null = null;
  let line: Line | null = null;
  let back: Promise<void> = Promise.resolve();
  let heard = Promise.withResolvers<void>();
  const follow = TRANSPORTS[transport % TRANSPORTS.length] ?? TRANSPORTS[0];
  const query = documentOf(plan.slow !== null);

  function hear(era: Era, message: Heard) {
    position = message.position;
    if (message.type === 'CallSnapshot') era.snapshot.push(message);
    else era.told.push(message);
    if (message.type === 'FeedBookmark' && !era.isWhole) {
      era.isWhole = true;
      void stage.watermark().then((mark) => {
        era.after = mark;
      });
    }
    heard.resolve();
    heard = Promise.withResolvers();
  }

  /** One that was cut off in the midst of a snapshot gets another, and forgets the half that it had. */
  async function currentEra(): Promise<Era> {
    const last = eras.at(-1);
    if (last?.isWhole) return last;
    const era = newEra(await stage.watermark());
    eras.push(era);
    return era;
  }

  async function connect(port: number): Promise<void> {
    const era = await currentEra();
    const own = token;
    used = own;
    let isOver = false;
    // Whoever has another token by now was to be refused with the old one.
    const refuse = (code: string) =>
      void (own === token && refusals.push({ code, at: performance.now() }));
    const onResult = (result: Result) => {
      if (isOver) return;
      const message = heardIn(result);
      if ('refusal' in message) return refuse(message.refusal);
      hear(era, message);
    };
    connections += 1;
    const variables = { after: position, filter };
    line = follow?.({ port, token, query, variables, onResult }) ?? null;
    const code = await line?.over;
    isOver = true;
    line = null;
    if (code === 4403) refuse('4403');
  }

  const over = (async () => {
    await after(plan.startMs, undefined, { signal: stage.end });
    while (!stage.end.aborted) {
      const home = plan.homes[connections % plan.homes.length] ?? 0;
      const berth = stage.berths[home % stage.berths.length];
      if (berth) await connect(berth.cable.port);
      await back;
      await after(20 + (connections % 5) * 20, undefined, { signal: stage.end });
    }
  })().catch((error: unknown) => {
    if (!stage.end.aborted) throw error;
  });
  stage.end.addEventListener('abort', () => line?.cut());

  return {
    ...{ eras, refusals, over, connections: () => connections },
    token: () => token,
    renew: (next) => {
      token = next;
    },
    clings: () => line !== null && used !== token,
    leave: (ms) => {
      back = after(ms);
      line?.cut();
    },
    dawdle: async (ms) => {
      const slow = line;
      slow?.pause();
      await after(ms);
      slow?.resume();
    },
    hears: (withinMs) => {
      const timer = new AbortController();
      const tooLong = after(withinMs, false, { signal: timer.signal }).catch(() => false);
      return Promise.race([heard.promise.then(() => true), tooLong]).finally(() => timer.abort());
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { type KamailioLab, openKamailioLab } from '../connectors/kamailio-lab.ts';
import { follow } from '../support/follow.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

/** A call as the subscription gives it. */
export interface WireCall {
  readonly id: string;
  readonly connector: string | null;
  readonly state: string;
  readonly ani: string | null;
  readonly dnis: string | null;
  readonly userData: Record<string, unknown> | null;
  readonly disposition: string | null;
  readonly endedBy: string | null;
  readonly q850Cause: number | null;
  readonly offeredAt: string;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[];
  readonly participants: readonly {
    readonly role: string;
    readonly state: string;
    readonly ringingAt: string | null;
    readonly extension: { readonly number: string } | null;
  }[];
}

/** What was heard of a call, and when. */
export interface Heard {
  readonly call: WireCall;
  /** Null when it is of the snapshot. */
  readonly kind: string | null;
  /** What was pressed. */
  readonly dtmf: {
    readonly digits: string;
    readonly pressedAt: string;
    readonly participant: { readonly role: string };
  } | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A Tandem with a Kamailio beside the demo's switch, and a subscriber who hears of all its calls. */
export interface Pbx extends AsyncDisposable {
  readonly lab: KamailioLab;
  readonly tandem: TestTandem;
  /** All changes of Kamailio's calls so far. */
  readonly heard: readonly Heard[];
  /** Resolves as soon as what was heard is enough. */
  until<T>(enough: (heard: readonly Heard[]) => T | undefined | false): Promise<T>;
}

const SILENCE_MS = 60_000;

const QUERY = `subscription {
  callChanges {
    __typename
    ... on CallSnapshot { call { ...Whole } }
    ... on CallChanged { kind dtmf { digits pressedAt participant { role } } call { ...Whole } }
  }
}
fragment Whole on Call {
  id connector state ani dnis userData disposition endedBy q850Cause offeredAt answeredAt endedAt
  identifiers { scheme value }
  participants { role state ringingAt extension { number } }
}`;

/** Starts one. */
export async function openPbx(settings: Readonly<Record<string, string>> = {}): Promise<Pbx> {
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(await openKamailioLab());
  const CONNECTORS = `pbx=kamailio://127.0.0.1:${lab.proxy.port}`;
  const tandem = stack.use(
    await startTandem({ demo: true, settings: { CONNECTORS, ...settings } }),
  );
  const stream = stack.use(follow(tandem, QUERY, { as: 'admin' }));
  const heard: Heard[] = [];
  let arrived = Promise.withResolvers<void>();
  const listen = async () => {
    for (;;) {
      const { callChanges } = await stream.next();
      const { call, kind = null, dtmf = null } = callChanges as Partial<Heard>; // what the query asks for
      if (call?.connector !== 'pbx') continue;
      heard.push({ call, kind, dtmf, at: Date.now() });
      arrived.resolve();
      arrived = Promise.withResolvers();
    }
  };
  const listening = listen();
  // Nobody may be waiting when the stream ends with the test.
  listening.catch(() => {});
  const held = stack.move();
  return {
    ...{ lab, tandem, heard },
    async until(enough) {
      for (;;) {
        const found = enough(heard);
        if (found) return found;
        await orSilence(Promise.race([arrived.promise, listening]), heard);
      }
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Waits for the next word; when none comes, says what came until then: a test that only takes too long does not. */
async function orSilence(word: Promise<unknown>, heard: readonly Heard[]) {
  const timer = new AbortController();
  const silence = wait(SILENCE_MS, true, { signal: timer.signal }).catch(() => false);
  const isSilent = await Promise.race([word.then(() => false), silence]);
  timer.abort();
  if (!isSilent) return;
  const words = heard.map(({ kind, call, dtmf }) => `${kind} ${dtmf?.digits ?? call.state}`);
  throw new Error(`For a minute nothing more is heard. Heard: ${words.join(', ') || 'nothing'}.`);
}

/** The first word of a call in that state; of that one call, if an id is given. */
export const inState = (state: string, id?: string) => (heard: readonly Heard[]) =>
  heard.find(({ call }) => call.state === state && (id ?? call.id) === call.id)?.call;

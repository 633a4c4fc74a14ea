import pRetry from 'p-retry';
import { type Cable, openCable } from './cable.ts';
import type { Nursery, Tandem } from './nursery.ts';

/** One of the Tandems on the run's database, and those that take its place. */
export interface Berth {
  /** Where subscribers reach it. */
  readonly cable: Cable;
  /** Where it reaches Postgres. */
  readonly store: Cable;
  /** Where it listens itself, or null while it has no successor yet. */
  port(): number | null;
  /** Sends it a signal; when that is its end, resolves as soon as another one serves in its place. */
  replace(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  freeze(): void;
  thaw(): void;
}

export interface Fleet extends AsyncDisposable {
  readonly berths: readonly Berth[];
  /** How many have ended although nobody had told them to. */
  died(): number;
}

type Settings = Readonly<Record<string, string>> & { readonly DATABASE_URL: string };

/** Starts so many Tandems at once. */
export async function openFleet(nursery: Nursery, size: number, settings: Settings) {
  await using stack = new AsyncDisposableStack();
  let died = 0;
  const open = () =>
    openBerth(nursery, settings, () => {
      died += 1;
    });
  const opening = await Promise.allSettled(Array.from({ length: size }, open));
  const berths = opening.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return stack.use(result.value);
  });
  const held = stack.move();
  return { berths, died: () => died, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function openBerth(
  nursery: Nursery,
  settings: Settings,
  onDeath: () => void,
): Promise<Berth & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const [cable, store] = [stack.use(await openCable()), stack.use(await openCable())];
  const url = new URL(settings.DATABASE_URL);
  store.pointTo(Number(url.port));
  url.port = `${store.port}`;
  const doomed = new WeakSet<Tandem>();
  let tandem: Tandem | null = null;
  let begun = Promise.resolve();

  async function start() {
    // It ends at once where the database is away; whoever runs it starts it again.
    const started = await pRetry(() => nursery.start({ ...settings, DATABASE_URL: url.href }), {
      ...{ retries: 5, minTimeout: 50 },
    });
    tandem = started;
    cable.pointTo(started.port);
    void started.gone.then(() => {
      if (doomed.has(started)) return;
      onDeath();
      void replace('SIGKILL');
    });
  }
  const end = (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = tandem;
    tandem = null;
    cable.pointTo(null);
    if (!ending) return;
    doomed.add(ending);
    ending.send(signal);
    ending.send('SIGCONT');
    return ending.gone;
  };
  const replace = (signal: 'SIGKILL' | 'SIGTERM') => {
    // One that drains ends in its own time, beside its successor.
    begun = begun.then(async () => {
      void end(signal);
      await start();
    });
    return begun;
  };
  await start();
  stack.defer(async () => {
    await begun;
    await end('SIGKILL');
  });
  const held = stack.move();
  return {
    ...{ cable, store },
    port: () => tandem?.port ?? null,
    replace,
    freeze: () => tandem?.send('SIGSTOP'),
    thaw: () => tandem?.send('SIGCONT'),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

import { randomUUID } from 'node:crypto';
import { systemClock } from '../connectors/clock.ts';
import type { Supervised } from '../connectors/supervisor.ts';
import { createAlarm } from '../model/alarm.ts';
import type { Database } from '../store/database.ts';
import type { Sighting } from './beat.ts';
import { openBells } from './bells.ts';
import type { Carrier } from './carrier.ts';
import { createErrands, doMsFor } from './errands.ts';
import { keepLocks } from './keep-locks.ts';
import type { Lease } from './lease.ts';
import { openMailbox } from './mailbox.ts';
import { openPost, type Post } from './post.ts';
import { createSeat, type SwitchToOpen } from './seat.ts';
import { standAgain } from './stand-again.ts';
import type { Tenure } from './tenure.ts';

export interface FleetOptions {
  readonly database: Database;
  /** Of the same database, for the session that holds the locks. */
  readonly url: string;
  readonly switches: readonly SwitchToOpen[];
  /** How long a switch may take to answer a hang-up, from its turn on. */
  readonly hangupTimeoutMs: number;
  /** Links to a switch and records what it says, in this tenure. */
  readonly supervise: (one: SwitchToOpen, tenure: Tenure) => Supervised;
  /** Another process has told what lives on a switch. */
  readonly onUp: (id: string) => void;
  readonly onError: (error: unknown) => void;
}

/** The switches of processes that share a database: each has one owner among them. */
export interface Fleet extends AsyncDisposable {
  readonly carriers: ReadonlyMap<string, Carrier>;
  /** The link to a switch has changed here. */
  changed(): void;
}

/** Joins the other processes on this database, and takes what switches nobody has. */
export async function joinFleet(options: FleetOptions): Promise<Fleet> {
  const { database, url, switches, hangupTimeoutMs, supervise, onUp, onError } = options;
  const member = randomUUID();
  const stop = new AbortController();
  const alarm = createAlarm();
  const mailbox = openMailbox(database);
  const posts = new Map<string, Post>();
  const bells = await openBells({
    database,
    onCommand: (connector) => posts.get(connector)?.ring(),
    onAnswer: (id) => errands.heed(id),
    onError,
  });
  const doMs = doMsFor(hangupTimeoutMs);
  const errands = createErrands({ mailbox, ringCommand: bells.ringCommand, doMs });
  const seats = new Map(
    switches.map((one) => [one.id, createSeat({ one, member, errands, onUp })]),
  );
  const tools = { database, mailbox, bells, member, supervise, onError };

  function onSighting(sighting: Sighting, lease: Lease) {
    const { connector, owner, isTaken, isCalled } = sighting;
    const seat = seats.get(connector);
    if (!seat) return;
    if (isTaken) posts.set(connector, openPost(tools, { seat, previous: owner, lease }));
    const post = posts.get(connector);
    seat.see(sighting, post !== undefined);
    if (isCalled) post?.ring();
    post?.publish();
  }

  const keep = () =>
    keepLocks({
      ...{ url, connectors: [...seats.keys()], held: posts, alarm, stop: stop.signal, onSighting },
      async onEnd() {
        const left = [...posts.values()];
        await Promise.all(left.map((post) => post[Symbol.asyncDispose]()));
        posts.clear();
      },
    });
  const standing = standAgain({ clock: systemClock, stop: stop.signal, onError }, keep);

  return {
    carriers: new Map([...seats].map(([id, { carrier }]) => [id, carrier])),
    changed: alarm.ring,
    async [Symbol.asyncDispose]() {
      stop.abort();
      alarm.ring();
      await standing;
      await bells[Symbol.asyncDispose]();
    },
  };
}

import type { Sink, Subscribe } from '../../src/client/client.ts';

type Entry = { id: string; version: number } | { deleted: string };

interface Reader {
  readonly after: string | null;
  readonly sink: Sink;
  queue: object[];
  /** Entries of the log before this are told, or in the snapshot. */
  at: number;
}

/** A feed that does what the test says; positions are places in its log. */
export interface ScriptedServer {
  readonly subscribe: Subscribe;
  /** Resolves when somebody is subscribed. */
  subscribed(): Promise<void>;
  /** A call is new or changes; of a deleted one, nothing happens. */
  change(id: string): void;
  remove(id: string): void;
  /** Forgets the log so far: who asks for it gets a gap. */
  forget(): void;
  /** Sends so many of the messages that the reader has not got; gives how many there were. */
  send(count: number): number;
  /** The transport subscribes again by itself, with the variables of old. */
  repeat(): void;
  /** Gives the present subscription to the test, which ends it. */
  cut(): Sink;
  state(): Record<string, number>;
  /** Snapshots begun, gaps included. */
  snapshots(): number;
}

/** Bookmarks of snapshots lie `lag` behind what the snapshot has, as those of Tandem may. */
export function scriptServer(lag: number): ScriptedServer {
  const log: (Entry | null)[] = [];
  const calls = new Map<string, number>();
  const gone = new Set<string>();
  let oldest = 0;
  let snapshots = 0;
  let reader: Reader | undefined;
  let arrived = Promise.withResolvers<void>();

  const messageOf = (entry: Entry, place: number) =>
    'deleted' in entry
      ? { __typename: 'CallDeleted', position: `${place + 1}`, callId: entry.deleted }
      : { __typename: 'CallChanged', position: `${place + 1}`, call: entry };

  function snapshot(to: Reader) {
    snapshots += 1;
    to.at = log.length;
    const bookmark = Math.max(oldest, log.length - lag);
    for (const [id, version] of calls) {
      to.queue.push({ __typename: 'CallSnapshot', position: 'snapshot', call: { id, version } });
    }
    to.queue.push({ __typename: 'FeedBookmark', position: `${bookmark}` });
  }
  function begin(to: Reader) {
    to.queue = [];
    if (to.after === null) return snapshot(to);
    to.at = Number(to.after);
    if (to.at >= oldest) return;
    to.queue.push({ __typename: 'FeedGap', position: 'snapshot', reason: 'RETENTION' });
    snapshot(to);
  }
  function fill(to: Reader) {
    for (; to.at < log.length; to.at += 1) {
      const entry = log[to.at];
      if (entry) to.queue.push(messageOf(entry, to.at));
    }
  }

  return {
    subscribe({ after }, sink) {
      const mine: Reader = { after, sink, queue: [], at: 0 };
      reader = mine;
      begin(mine);
      arrived.resolve();
      return () => {
        if (reader === mine) reader = undefined;
      };
    },
    async subscribed() {
      while (!reader) {
        arrived = Promise.withResolvers();
        await arrived.promise;
      }
    },
    change(id) {
      if (gone.has(id)) return;
      const version = (calls.get(id) ?? 0) + 1;
      calls.set(id, version);
      log.push({ id, version });
    },
    remove(id) {
      if (!calls.delete(id)) return;
      gone.add(id);
      for (const [place, entry] of log.entries()) {
        if (entry && 'id' in entry && entry.id === id) log[place] = null;
      }
      log.push({ deleted: id });
    },
    forget() {
      oldest = log.length;
    },
    send(count) {
      let sent = 0;
      for (; sent < count && reader; sent += 1) {
        if (reader.queue.length === 0) fill(reader);
        const message = reader.queue.shift();
        if (!message) break;
        reader.sink.next({ data: { callChanges: message } });
      }
      return sent;
    },
    repeat() {
      // In the midst of a snapshot there is nothing by which a client could tell.
      if (reader?.after) begin(reader);
    },
    cut() {
      if (!reader) throw new Error('Nobody is subscribed.');
      const { sink } = reader;
      reader = undefined;
      return sink;
    },
    state: () => Object.fromEntries(calls),
    snapshots: () => snapshots,
  };
}

import { openFeed } from '../src/feed/open.ts';
import { EVERYTHING } from '../src/model/visibility.ts';
import { openDatabase } from '../src/store/database.ts';

/** What a process that follows the feed has seen and used since it was asked last. */
export interface FeedUsage {
  readonly changes: number;
  readonly cpuMs: number;
  readonly looks: number;
  /** From before the commit to the receiver, in milliseconds. */
  readonly delays: readonly number[];
}

/** Follows all changes on the database and the NATS, if any, of its arguments, until its parent is gone. */
const [url = '', natsUrl] = process.argv.slice(2);
let looks = 0;
let delays: number[] = [];
let before = process.cpuUsage();
const onStatement = (text: string) => {
  if (text.includes('pg_snapshot_xmin')) looks += 1;
};
const database = openDatabase({ url, connections: 3, onStatement });
const feed = await openFeed({
  ...{ database, databaseUrl: url, natsUrl },
  onError: (error) => process.stderr.write(`${error}\n`),
});

process.on('message', () => {
  const { user, system } = process.cpuUsage(before);
  const usage: FeedUsage = {
    ...{ changes: delays.length, cpuMs: (user + system) / 1000, looks, delays },
  };
  process.send?.(usage);
  before = process.cpuUsage();
  looks = 0;
  delays = [];
});
process.on('disconnect', () => process.exit());

await feed.follow(
  { visibility: EVERYTHING, after: await feed.head(), signal: new AbortController().signal },
  {
    push: (message) => {
      if (message.type === 'CHANGE') {
        const sent = Date.parse(message.change.occurredAt);
        delays.push(performance.timeOrigin + performance.now() - sent);
      }
      return true;
    },
    accept: () => Promise.resolve(),
  },
);

import { sql } from 'drizzle-orm';
import { systemClock } from '../connectors/clock.ts';
import type { Supervised } from '../connectors/supervisor.ts';
import { pause } from '../connectors/waiting.ts';
import type { LinkReport } from '../model/link.ts';
import type { Database } from '../store/database.ts';
import type { Bells } from './bells.ts';
import { LEASE_MS, type Lease } from './lease.ts';
import type { Mailbox } from './mailbox.ts';
import type { Seat, SwitchToOpen } from './seat.ts';
import { type CommandService, serveCommands } from './serve-commands.ts';
import { beginTerm, type Tenure, type Term } from './tenure.ts';

/** What every post of a process works with. */
export interface PostTools {
  readonly database: Database;
  readonly mailbox: Mailbox;
  readonly bells: Pick<Bells, 'ringAnswer'>;
  /** The name of this process. */
  readonly member: string;
  /** Links to a switch and records what it says, in this tenure. */
  readonly supervise: (one: SwitchToOpen, tenure: Tenure) => Supervised;
  readonly onError: (error: unknown) => void;
}

/** One switch whose lock is ours. */
export interface Post extends AsyncDisposable {
  /** Commands wait. */
  ring(): void;
  /** Tells the other processes how the link is, if that is new. Does not wait. */
  publish(): void;
}

interface Manned {
  readonly term: Term;
  readonly supervised: Supervised;
  readonly service: CommandService;
}

/** Mans a post as soon as nobody else can be on it; a failure ends the lease. */
export function openPost(
  tools: PostTools,
  { seat, previous, lease }: { seat: Seat; previous: string | null; lease: Lease },
): Post {
  const { onError } = tools;
  let manned: Manned | null = null;
  let told = '';

  async function man() {
    // The owner before may not know yet that its connection is gone; its own lease tells it in time.
    if (previous !== null && previous !== tools.member) {
      await pause(systemClock, LEASE_MS, lease.over);
    }
    if (lease.over.aborted) return;
    const term = await beginTerm({ ...tools, connector: seat.id, lease });
    if (lease.over.aborted) return term.release();
    const supervised = tools.supervise(seat, term);
    const service = serveCommands({
      ...{ mailbox: tools.mailbox, ringAnswer: tools.bells.ringAnswer, onError },
      ...{ connector: seat.id, term, supervised },
    });
    manned = { term, supervised, service };
    seat.hold({ supervised, tenure: term });
    service.ring();
  }
  const manning = man().catch((error) => {
    onError(error);
    lease.end('A switch could not be taken over.');
  });
  const tell = async ({ supervised, term }: Manned) => {
    const { link, since, lastError } = supervised;
    const text = JSON.stringify([link, since, lastError]);
    if (text === told) return;
    await publishLink(tools.database, { connector: seat.id, term: term.number }, supervised);
    told = text;
  };
  let telling: Promise<void> | null = null;

  return {
    ring: () => manned?.service.ring(),
    publish() {
      if (!manned || telling) return;
      telling = tell(manned)
        .catch(onError)
        .finally(() => {
          telling = null;
        });
    },
    async [Symbol.asyncDispose]() {
      await manning;
      seat.hold(null);
      if (!manned) return;
      await manned.supervised[Symbol.asyncDispose]();
      await manned.service[Symbol.asyncDispose]();
      await manned.term.release().catch(onError);
    },
  };
}

const publishLink = (
  database: Database,
  { connector, term }: { connector: string; term: number },
  { link, since, lastError }: LinkReport,
) =>
  database.rows(sql`
    update connector_links set link = ${link}, since = ${since.toISOString()}::timestamptz, last_error = ${lastError}
    where connector = ${connector} and term = ${term}::int`);

import { addAbortListener } from 'node:events';
import { sql } from 'drizzle-orm';
import type { ErasureCounts, ErasureCursor, Subject } from '../model/erasure.ts';
import { GatewayError } from '../model/errors.ts';
import { type Database, type Executor, firstRow } from '../store/database.ts';
import { inTurn } from './in-turn.ts';
import { createSlots } from './slots.ts';
import { countedCalls } from './subject-calls.ts';

/**
 * So many calls are looked at by one statement: even a cold disk is through long before the statement would be ended,
 * and it is too cheap for Postgres to compile it, each time anew, which takes longer than the page.
 */
const PAGE = 2000;

/** Counts wait for each other, and a user who asks for many must not keep the others waiting. */
const slots = createSlots({ each: 5, all: 50 });

export interface SubjectCounts extends ErasureCounts {
  /** Those that are up and that no legal hold keeps. */
  readonly liveIds: readonly string[];
}

interface Counting {
  readonly database: Database;
  readonly organizationId: string;
  readonly subject: Subject;
  /** Who asks. */
  readonly userId: string;
  /** Nobody waits for the result any more. */
  readonly signal?: AbortSignal;
}

/**
 * The calls that an erasure would go for, by its own rule and in its own order, and so each call once, as it is when it
 * is reached; what is offered meanwhile counts, too. All that the organization has is looked at, a page at a time, and
 * nothing is held in between. RATE_LIMITED when this user has asked for too many that are not done.
 */
export async function countSubject(counting: Counting): Promise<SubjectCounts> {
  const leave = slots.take(counting.userId);
  // Who has gone does not keep a place until it would have been its turn.
  using _ = counting.signal && addAbortListener(counting.signal, leave);
  try {
    return await inTurn(counting.database, () => countPages(counting));
  } finally {
    leave();
  }
}

async function countPages(counting: Counting): Promise<SubjectCounts> {
  const { database, signal } = counting;
  const sum = { calls: 0, live: 0, held: 0 };
  const liveIds: string[] = [];
  for (let after: ErasureCursor['after'] = null; ; ) {
    // Nothing was done, so its idempotency key must be free for another try.
    if (signal?.aborted) throw new GatewayError('RATE_LIMITED', 'Nobody waits for the count.');
    const page = await countPage(database, counting, after);
    sum.calls += page.calls;
    sum.live += page.live;
    sum.held += page.held;
    liveIds.push(...page.liveIds);
    if (page.looked < PAGE || !page.last) return { ...sum, liveIds };
    after = page.last;
  }
}

interface Page extends SubjectCounts {
  readonly looked: number;
  readonly last: ErasureCursor['after'];
}

const NONE: Page = { calls: 0, live: 0, held: 0, liveIds: [], looked: 0, last: null };

async function countPage(
  on: Executor,
  { subject, organizationId }: Counting,
  after: ErasureCursor['after'],
): Promise<Page> {
  const range = after
    ? sql`and (offered_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : sql``;
  const calls = sql`select * from calls where organization_id = ${organizationId}::uuid ${range}
    order by offered_at, id limit ${sql.raw(String(PAGE))}`;
  return (await firstRow<Page>(on, countedCalls(subject, calls))) ?? NONE;
}

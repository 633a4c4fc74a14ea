import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import type { ErasureCursor, Subject } from '../model/erasure.ts';
import { type Database, type Executor, firstRow, type Transaction } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';
import { eraseCalls, markCalls } from './erase-call.ts';
import { finishErasures, lockErasures } from './finish-erasure.ts';
import { eraseDtmf, lockCalls } from './log-change.ts';
import { type RulesOfSwitches, readSubject } from './read-subject.ts';
import { patchStoredData } from './stored-user-data.ts';
import {
  IS_LIVE,
  mentioningKeys,
  partyCalls,
  pressedNumber,
  type SubjectCall,
  subjectCalls,
} from './subject-calls.ts';

/** How many calls are looked at in one transaction: queries beside it must not feel it. */
const BATCH = 250;

/** An erasure under way. */
interface ErasureJob {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly number: string;
  readonly cursor: ErasureCursor;
}

/** WAITING: only calls that are up are left. IDLE: it was stopped, or somebody else has gone on with it. */
export type StepOutcome = 'MORE' | 'WAITING' | 'DONE' | 'IDLE';

/**
 * Goes one batch further, in one transaction with how far it has come: whenever the process dies, it goes on there.
 * Several processes may try at once: one of them gets on. It is done when a whole step has found nothing, neither
 * behind where it had come to nor by the indexes of legs.
 */
export const stepErasure = (
  database: Database,
  id: string,
  rules: RulesOfSwitches,
): Promise<StepOutcome> =>
  database.transaction(async (tx) => {
    const job = await readJob(tx, id);
    if (!job) return 'IDLE';
    const { cursor, organizationId } = job;
    const subject = await readSubject(tx, organizationId, job.number, rules);
    const page = await subjectCalls(tx, subject, pageOf(job));
    const asked = cursor.isThrough ? cursor.live.slice(0, BATCH) : [];
    const again = cursor.isThrough
      ? await subjectCalls(tx, subject, foundAgain(job, subject, asked))
      : [];
    const concerned = [...page, ...again].filter(isConcerned).map((call) => call.id);
    await lockCalls(tx, concerned);
    await lockErasures(tx, organizationId, subject);
    const still = await readJob(tx, id);
    if (JSON.stringify(still?.cursor) !== JSON.stringify(cursor)) return 'IDLE';
    const gone = await goneOf(tx, asked);
    const done = await eraseThese(tx, subject, job, concerned);
    const next = cursorAfter(cursor, page, stillLive(cursor.live.slice(asked.length), done));
    await keepProgress(tx, job, next, { ...done, gone });
    await writeDone(tx, job, [...done.erased, ...done.cleared]);
    const isQuiet = cursor.isThrough && page.length < BATCH && done.erased.length === 0;
    if (!isQuiet || done.cleared.length > 0) return 'MORE';
    if (next.live.length > 0) return 'WAITING';
    await finishErasures(tx, organizationId, subject);
    return 'DONE';
  });

/** How many that were up have gone by themselves since. Asked when the locks are had: more may end while it waits for them. */
async function goneOf(tx: Executor, asked: readonly string[]): Promise<number> {
  if (asked.length === 0) return 0;
  const left = await tx.rows(sql`select from calls where id = any(${sql.param(asked)}::uuid[])`);
  return asked.length - left.length;
}

/** Those that are to be asked about still. What was up when the erasure was asked for may have ended before it was reached. */
function stillLive(asked: readonly string[], { erased, cleared, held, live }: Outcome) {
  const settled = new Set([...erased, ...cleared, ...held]);
  return [...asked.filter((id) => !settled.has(id)), ...live];
}

async function writeDone(tx: Executor, { id, organizationId, userId }: ErasureJob, done: string[]) {
  if (done.length === 0) return;
  const entry = { operation: 'eraseSubject', userId, subjects: [id, ...done] };
  await writeOwnAudit(tx, organizationId, entry);
}

const isConcerned = ({ isParty, mentions }: SubjectCall) => isParty || mentions;

const readJob = (tx: Executor, id: string) =>
  firstRow<ErasureJob>(
    tx,
    sql`select id, organization_id as "organizationId", user_id as "userId", number, cursor from erasures
      where id = ${id}::uuid and state = 'RUNNING'`,
  );

/** The next calls to look at, in the order of their offers; at the end, those that have come since. */
function pageOf({ organizationId, cursor }: ErasureJob) {
  const range = cursor.after
    ? sql`and (offered_at, id) > (${cursor.after[0]}::timestamptz, ${cursor.after[1]}::uuid)`
    : sql``;
  return sql`select * from calls where organization_id = ${organizationId}::uuid ${range}
    order by offered_at, id limit ${sql.raw(String(BATCH))}`;
}

/** Some of those that were up; and what was written behind where it had come to, as an import does. */
function foundAgain({ organizationId }: ErasureJob, subject: Subject, asked: readonly string[]) {
  const isOpen = sql`not c.held_for_legal and not (${IS_LIVE} and c.deletion_requested_at is not null)`;
  const late = sql`${partyCalls(subject, organizationId, isOpen)} limit ${sql.raw(String(BATCH))}`;
  return sql`select * from calls where id = any(${sql.param(asked)}::uuid[]) or id in (${late})`;
}

function cursorAfter(
  { after, isThrough }: ErasureCursor,
  page: readonly SubjectCall[],
  live: readonly string[],
): ErasureCursor {
  const last = page.at(-1);
  return {
    after: last ? [last.offeredAt, last.id] : after,
    isThrough: isThrough || page.length < BATCH,
    live: [...new Set(live)],
  };
}

async function keepProgress(
  tx: Transaction,
  { id, cursor }: ErasureJob,
  next: ErasureCursor,
  { erased, cleared, held, gone }: Outcome & { readonly gone: number },
): Promise<void> {
  const count = erased.length + gone;
  // While it waits, mostly nothing is new: then nothing is written.
  if (isDeepStrictEqual(next, cursor) && count + cleared.length + held.length === 0) return;
  await tx.rows(sql`
    update erasures set cursor = ${sql.param(next)}::jsonb, erased = erased + ${count}::int,
      cleared = cleared + ${cleared.length}::int, held = held + ${held.length}::int
    where id = ${id}::uuid`);
}

/** What became of the calls of a batch, by their ids. */
interface Outcome {
  readonly erased: readonly string[];
  readonly cleared: readonly string[];
  readonly held: readonly string[];
  readonly live: readonly string[];
}

/** They are locked now: what they are is looked at once more. */
async function eraseThese(
  tx: Transaction,
  subject: Subject,
  job: ErasureJob,
  ids: readonly string[],
): Promise<Outcome> {
  const calls = await subjectCalls(
    tx,
    subject,
    sql`select * from calls where id = any(${sql.param(ids)}::uuid[])`,
  );
  const concerned = calls.filter(isConcerned);
  const idsOf = (which: (call: SubjectCall) => boolean) =>
    concerned.filter(which).map(({ id }) => id);
  const held = idsOf(({ isHeld }) => isHeld);
  const live = idsOf(({ isHeld, isLive }) => !isHeld && isLive);
  const erased = idsOf(({ isHeld, isLive, isParty }) => !isHeld && !isLive && isParty);
  const cleared = idsOf(({ isHeld, isLive, isParty }) => !isHeld && !isLive && !isParty);
  const marked = idsOf(({ isHeld, isLive, isParty }) => !isHeld && isLive && isParty);
  if (marked.length > 0) await markCalls(tx, marked, { requestedBy: job.userId, reason: job.id });
  if (erased.length > 0) await eraseCalls(tx, erased);
  for (const id of cleared) await clear(tx, subject, id);
  return { erased, cleared, held, live };
}

/** Takes out of a call of others what mentions the number. */
async function clear(tx: Transaction, subject: Subject, id: string): Promise<void> {
  const keys = await mentioningKeys(tx, id, subject);
  await tx.rows(
    sql`delete from call_markers where call_id = ${id}::uuid and name ~ ${subject.pattern}`,
  );
  const patch = Object.fromEntries(keys.map((key) => [key, null]));
  await patchStoredData(tx, id, { patch, erases: 'KEYS' });
  const [pressed] = await tx.rows(
    sql`select from calls c where c.id = ${id}::uuid and ${pressedNumber(subject)}`,
  );
  if (pressed) await eraseDtmf(tx, id);
}

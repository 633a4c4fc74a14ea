import { sql } from 'drizzle-orm';
import { type ErasureCursor, type Subject, subjectOf } from '../model/erasure.ts';
import { hashSecret } from '../model/secret.ts';
import { type Database, type Executor, firstRow } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';
import { eraseCalls } from './erase-call.ts';
import { finishErasure } from './finish-erasure.ts';
import { lockCalls } from './log-change.ts';
import { patchStoredData } from './stored-user-data.ts';
import { mentioningKeys, type SubjectCall, subjectCalls } from './subject-calls.ts';

/** How many calls are looked at in one transaction: queries beside it must not feel it. */
const BATCH = 250;

/** An erasure under way. */
export interface ErasureJob {
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
 * Several processes may try at once: one of them gets on.
 */
export const stepErasure = (database: Database, id: string): Promise<StepOutcome> =>
  database.transaction(async (tx) => {
    const job = await readJob(tx, id, sql``);
    if (!job) return 'IDLE';
    const subject = subjectOf(job.number);
    const looked = await subjectCalls(tx, subject, candidates(job));
    const ids = looked.filter(isConcerned).map((call) => call.id);
    await lockCalls(tx, ids);
    const still = await readJob(tx, id, sql`for update`);
    if (JSON.stringify(still?.cursor) !== JSON.stringify(job.cursor)) return 'IDLE';
    const done = await eraseThese(tx, subject, ids);
    const cursor = cursorAfter(job.cursor, looked, done.live);
    // What had been marked when it was up, and has gone by itself since.
    const gone = job.cursor.isThrough ? job.cursor.live.length - looked.length : 0;
    await tx.rows(sql`
      update erasures set cursor = ${sql.param(cursor)}::jsonb, erased = erased + ${done.erased.length + gone}::int,
        cleared = cleared + ${done.cleared.length}::int, held = held + ${done.held.length}::int
      where id = ${id}::uuid`);
    return settle(tx, job, cursor, [...done.erased, ...done.cleared]);
  });

/** Ends the erasure if nothing is left, and writes down what was done. */
async function settle(
  tx: Executor,
  job: ErasureJob,
  { isThrough, live }: ErasureCursor,
  done: readonly string[],
): Promise<StepOutcome> {
  const isDone = isThrough && live.length === 0;
  const certificate = isDone ? await finishErasure(tx, job) : null;
  const write = (operation: string, subjects: readonly string[]) =>
    writeOwnAudit(tx, job.organizationId, {
      ...{ operation, userId: job.userId, subjects: [job.id, ...subjects] },
    });
  if (done.length > 0) await write('eraseSubject', done);
  if (certificate) await write('certifyErasure', [hashSecret(certificate)]);
  if (isDone) return 'DONE';
  return isThrough ? 'WAITING' : 'MORE';
}

const isConcerned = ({ isParty, mentions }: SubjectCall) => isParty || mentions;

const readJob = (tx: Executor, id: string, locking: ReturnType<typeof sql>) =>
  firstRow<ErasureJob>(
    tx,
    sql`select id, organization_id as "organizationId", user_id as "userId", number, cursor from erasures
      where id = ${id}::uuid and state = 'RUNNING' ${locking}`,
  );

/** The next calls to look at; when all have been, those that were up. */
function candidates({ organizationId, cursor }: ErasureJob) {
  if (cursor.isThrough) {
    return sql`select * from calls where id = any(${sql.param(cursor.live)}::uuid[])`;
  }
  const range = cursor.after
    ? sql`and (offered_at, id) > (${cursor.after[0]}::timestamptz, ${cursor.after[1]}::uuid)`
    : sql``;
  return sql`select * from calls where organization_id = ${organizationId}::uuid ${range}
    order by offered_at, id limit ${sql.raw(String(BATCH))}`;
}

function cursorAfter(
  cursor: ErasureCursor,
  looked: readonly SubjectCall[],
  live: readonly string[],
): ErasureCursor {
  if (cursor.isThrough) return { ...cursor, live };
  const last = looked.at(-1);
  return {
    after: last ? [last.offeredAt, last.id] : cursor.after,
    isThrough: looked.length < BATCH,
    live: [...cursor.live, ...live],
  };
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
  tx: Executor,
  subject: Subject,
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
  if (marked.length > 0) {
    await tx.rows(sql`update calls set deletion_requested_at = coalesce(deletion_requested_at, now())
      where id = any(${sql.param(marked)}::uuid[])`);
  }
  if (erased.length > 0) await eraseCalls(tx, erased);
  for (const id of cleared) {
    const keys = await mentioningKeys(tx, id, subject);
    await tx.rows(
      sql`delete from call_markers where call_id = ${id}::uuid and name ~ ${subject.pattern}`,
    );
    await patchStoredData(tx, id, Object.fromEntries(keys.map((key) => [key, null])), 'KEYS');
  }
  return { erased, cleared, held, live };
}

import { sql } from 'drizzle-orm';
import type { Subject } from '../model/erasure.ts';
import { hashSecret } from '../model/secret.ts';
import type { Executor } from '../store/database.ts';
import { writeOwnAudit } from './audit.ts';

interface Finished {
  readonly organizationId: string;
  readonly organization: string;
  readonly userId: string;
  readonly username: string;
  readonly requestedAt: string;
  readonly finishedAt: string;
  readonly subjectHash: string;
  readonly erased: number;
  readonly cleared: number;
  readonly held: number;
}

/** The organization's erasures of this number that are not done; in one order, so that no two steps wait for each other. */
const unfinished = (organizationId: string, { numbers }: Subject) => sql`
  select id, user_id as "userId" from erasures where organization_id = ${organizationId}::uuid
    and state <> 'DONE' and number = any(${sql.param(numbers)}::text[]) order by id for update`;

/** Keeps them as they are until the transaction ends. */
export const lockErasures = (tx: Executor, organizationId: string, subject: Subject) =>
  tx.rows(unfinished(organizationId, subject));

/**
 * Ends all erasures of a number, stopped ones, too: nothing but their hashes is left of it. Each has its certificate:
 * what, when, who and how many, whose own hash goes into the audit log, so that no other can be made later.
 */
export async function finishErasures(
  tx: Executor,
  organizationId: string,
  subject: Subject,
): Promise<void> {
  const { numbers, dialled, pattern } = subject;
  const all = [...numbers, ...[...dialled.values()].flat()];
  await tx.rows(sql`delete from deletion_watches
    where organization_id = ${organizationId}::uuid
      and (number = any(${sql.param(all)}::text[]) or marker ~ ${pattern}::text)`);
  // An administrator's keys are of its own organization, whatever they were for.
  await tx.rows(sql`delete from idempotency_keys where key ~ ${pattern}::text and (
    organization_id = ${organizationId}::uuid
      or user_id in (select id from users where account_type = 'ADMINISTRATOR'))`);
  const jobs = await tx.rows<{ id: string; userId: string }>(unfinished(organizationId, subject));
  for (const { id, userId } of jobs) {
    const certificate = await certify(tx, id);
    await writeOwnAudit(tx, organizationId, {
      ...{ operation: 'certifyErasure', userId, subjects: [id, hashSecret(certificate)] },
    });
  }
}

async function certify(tx: Executor, id: string): Promise<string> {
  const [finished] = await tx.rows<Finished>(sql`
    update erasures e set state = 'DONE', number = null, finished_at = now() from organizations o
    where e.id = ${id}::uuid and o.id = e.organization_id
    returning o.id as "organizationId", o.name as organization, e.user_id as "userId", e.username,
      ${iso(sql`e.requested_at`)} as "requestedAt", ${iso(sql`e.finished_at`)} as "finishedAt",
      e.subject_hash as "subjectHash", e.erased, e.cleared, e.held`);
  if (!finished) throw new Error('An erasure that was under way is gone.');
  const certificate = certificateOf(id, finished);
  await tx.rows(sql`update erasures set certificate = ${certificate} where id = ${id}::uuid`);
  return certificate;
}

const iso = (moment: ReturnType<typeof sql>) =>
  sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const certificateOf = (id: string, finished: Finished) =>
  JSON.stringify(
    {
      certificate: 'erasure of everything about a phone number',
      erasure: id,
      organization: { id: finished.organizationId, name: finished.organization },
      requestedBy: { id: finished.userId, username: finished.username },
      requestedAt: finished.requestedAt,
      finishedAt: finished.finishedAt,
      numberHash: finished.subjectHash,
      calls: { erased: finished.erased, userDataCleared: finished.cleared, held: finished.held },
    },
    null,
    2,
  );

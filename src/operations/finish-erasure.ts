import { sql } from 'drizzle-orm';
import { subjectOf } from '../model/erasure.ts';
import type { Executor } from '../store/database.ts';

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

/**
 * Ends an erasure: nothing but its hash is left of the number. Gives the certificate: what, when, who and how many.
 * Its own hash goes into the audit log, so that no other certificate can be made later.
 */
export async function finishErasure(
  tx: Executor,
  { id, organizationId, number }: { id: string; organizationId: string; number: string },
): Promise<string> {
  const { numbers, pattern } = subjectOf(number);
  await tx.rows(sql`delete from deletion_watches
    where organization_id = ${organizationId}::uuid and number = any(${sql.param(numbers)}::text[])`);
  await tx.rows(sql`delete from idempotency_keys
    where organization_id = ${organizationId}::uuid and key ~ ${pattern}::text`);
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

import { sql } from 'drizzle-orm';
import type { DeliveryAttempt } from '../model/event-delivery.ts';
import { type Database, type Executor, firstRow } from '../store/database.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';

/** How many of its last attempts a firing shows. */
const MOST_ATTEMPTS = 50;

type Claim = Pick<ClaimedDelivery, 'id' | 'tries' | 'eventRowId' | 'url'>;

/** Whoever took it later writes its result; what was deleted meanwhile is gone. */
const isOurs = ({ id, tries }: Claim) =>
  sql`id = ${id}::uuid and tries = ${tries}::int and state = 'PENDING'`;

const withAttempt = (attempt: DeliveryAttempt) => sql`
  case when jsonb_array_length(attempts) < ${MOST_ATTEMPTS}::int then attempts else attempts - 0 end
    || ${sql.param([attempt])}::jsonb`;

/** Writes down that a firing was delivered. */
export const settleDelivered = (on: Executor, claim: Claim, attempt: DeliveryAttempt) =>
  on.rows(sql`update event_deliveries set state = 'DELIVERED', delivered_at = now(), attempts = ${withAttempt(attempt)}
    where ${isOurs(claim)}`);

/** Lets a firing whose request was cut off by our own end be taken again at once. */
export const giveBack = (on: Executor, claim: Claim, attempt: DeliveryAttempt) =>
  on.rows(
    sql`update event_deliveries set due_at = now(), attempts = ${withAttempt(attempt)} where ${isOurs(claim)}`,
  );

/** When a firing is given up, and when it is tried again. */
interface Plan {
  readonly delayMs: number;
  readonly giveUpHours: number;
}

/**
 * RETRYING: it will be tried again. SUSPENDED: it will not. RULE_SUSPENDED: nor will anything else of its rule. GONE:
 * the same, at once. HELD: its rule was suspended before, by another firing that was on its way at the same time.
 */
export type FailureOutcome = 'RETRYING' | 'SUSPENDED' | 'RULE_SUSPENDED' | 'GONE' | 'HELD';

/**
 * Writes down that a firing has failed. The rest of its lane, which waits for it, becomes due with it, so that
 * looking for what is due does not meet it before; unless this one is held for its rule, for others' then do not
 * wait for it. What somebody else holds at this moment is left as it is: whoever
 * erases calls would wait for us, and we for it.
 */
export async function settleFailed(
  database: Database,
  claim: Claim,
  attempt: DeliveryAttempt,
  { delayMs, giveUpHours }: Plan,
): Promise<FailureOutcome> {
  const settled = await firstRow<{ state: string }>(
    database,
    sql`
    with failed as (
      update event_deliveries set attempts = ${withAttempt(attempt)}, failures = failures + 1,
        due_at = coalesce((select 'infinity'::timestamptz from phone_call_events r where r.row_id = event_row_id
          and (r.suspended_at is not null or r.status = 'DISABLED')), now() + make_interval(secs => ${delayMs}::float8 / 1000)),
        state = case when retrying_since < now() - make_interval(hours => ${giveUpHours}::int)
          then 'SUSPENDED' else 'PENDING' end
      where ${isOurs(claim)} returning state, call_id, receiver, position, due_at
    ), waiting as (
      select d.id from event_deliveries d join failed f on d.call_id = f.call_id and d.receiver = f.receiver
      where f.state = 'PENDING' and f.due_at < 'infinity' and d.state = 'PENDING'
        and d.position > f.position and d.due_at < f.due_at
      for update of d skip locked
    ), moved as (
      update event_deliveries d set due_at = f.due_at from waiting w, failed f where d.id = w.id
    ) select state from failed`,
  );
  if (settled?.state !== 'SUSPENDED') return 'RETRYING';
  // Not in one transaction: whoever changes a rule locks it first, and what it has fired then.
  return database.transaction((tx) => suspendRule(tx, claim));
}

/**
 * Suspends the rule of a firing whose receiver wants no more of it, and what it has fired; null when the rule requests
 * somebody else by now, which has said nothing.
 */
export const settleGone = (
  database: Database,
  claim: Claim,
  attempt: DeliveryAttempt,
): Promise<'GONE' | 'HELD' | null> =>
  database.transaction(async (tx) => {
    const rule = await firstRow<{ wasSuspended: boolean }>(
      tx,
      sql`select suspended_at is not null as "wasSuspended" from phone_call_events
        where row_id = ${claim.eventRowId}::uuid and url = ${claim.url} for update`,
    );
    if (!rule) return null;
    await tx.rows(sql`update phone_call_events set suspended_at = coalesce(suspended_at, now())
      where row_id = ${claim.eventRowId}::uuid`);
    await tx.rows(sql`update event_deliveries set state = 'SUSPENDED', failures = failures + 1,
      attempts = ${withAttempt(attempt)} where ${isOurs(claim)}`);
    await holdWaiting(tx, claim);
    return rule.wasSuspended ? 'HELD' : 'GONE';
  });

/** A rule of which nothing was delivered for a day sends nothing more until it is resumed; what it fires waits. */
async function suspendRule(tx: Executor, claim: Claim): Promise<FailureOutcome> {
  const rows = await tx.rows(sql`
    update phone_call_events r set suspended_at = now()
    where r.row_id = ${claim.eventRowId}::uuid and r.suspended_at is null and not exists (
      select from event_deliveries d where d.event_row_id = r.row_id and d.delivered_at > now() - interval '24 hours')
    returning true`);
  if (rows.length === 0) {
    const [suspended] = await tx.rows(sql`select from phone_call_events
      where row_id = ${claim.eventRowId}::uuid and suspended_at is not null`);
    return suspended ? 'HELD' : 'SUSPENDED';
  }
  await holdWaiting(tx, claim);
  return 'RULE_SUSPENDED';
}

/** What somebody else holds at this moment is held when it has failed, or taken away. */
const holdWaiting = (tx: Executor, { eventRowId }: Claim) =>
  tx.rows(sql`
    update event_deliveries set due_at = 'infinity' where id in (
      select id from event_deliveries where event_row_id = ${eventRowId}::uuid and state = 'PENDING'
      for update skip locked)`);

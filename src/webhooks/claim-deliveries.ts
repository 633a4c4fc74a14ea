import { sql } from 'drizzle-orm';
import type { EventParameters } from '../model/event-delivery.ts';
import type { EventMethod } from '../model/phone-call-event.ts';
import type { Executor } from '../store/database.ts';
import { WIDEST, type Windows } from './windows.ts';

/** For so long nobody else sends what was taken: much longer than a request and its result take. */
export const LEASE_SECONDS = 12;

/** As a literal: for an unknown limit Postgres plans a tenth of the table, and compiles what it then does. */
const LIMIT = sql.raw(String(WIDEST));

/** A firing that is ours to send. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly organizationId: string;
  /** The name of the rule's receiver in its organization. */
  readonly receiver: string;
  readonly eventRowId: string;
  /** VoipNow's id of the rule. */
  readonly eventId: string;
  readonly method: EventMethod;
  readonly url: string;
  readonly parameters: EventParameters;
  /** Which try this is: the result counts as long as it is the last one. */
  readonly tries: number;
  /** How often it has failed in this series. */
  readonly failures: number;
  /** The secrets of its organization; empty when it has none yet. */
  readonly secrets: readonly string[];
}

/**
 * Takes what is due: of each receiver no more than its window has room for, of each organization no more than its
 * share, and of each lane nothing but its first.
 * It hops from receiver to receiver by the index, so that a long queue of one costs the others nothing, and looks each
 * lane's first up by itself: as a join Postgres compares all that is due with all that waits.
 */
export const claimDeliveries = (
  on: Executor,
  { most, rooms, elsewhere, shares, othersShare }: ReturnType<Windows['rooms']>,
) =>
  on.rows<ClaimedDelivery>(sql`
    with recursive receiver as (
      (select organization_id, receiver from event_deliveries where state = 'PENDING'
        order by organization_id, receiver limit 1)
      union all
      select n.* from receiver r cross join lateral (
        select d.organization_id, d.receiver from event_deliveries d
        where d.state = 'PENDING' and (d.organization_id, d.receiver) > (r.organization_id, r.receiver)
        order by d.organization_id, d.receiver limit 1) n
    ), roomy as (
      select *, coalesce((${sql.param(rooms)}::jsonb ->> (organization_id || ' ' || receiver))::int, ${elsewhere}::int) as room,
        coalesce((${sql.param(shares)}::jsonb ->> organization_id::text)::int, ${othersShare}::int) as share
      from receiver
    ), waiting as (
      select h.id, h.due_at, r.share, row_number() over (partition by r.organization_id order by h.due_at) as nth
      from roomy r cross join lateral (
        select d.id, d.due_at, row_number() over (order by d.due_at, d.position) as nth from event_deliveries d
        where d.state = 'PENDING' and d.organization_id = r.organization_id and d.receiver = r.receiver
          and d.due_at <= now() and exists (select from phone_call_events r where r.row_id = d.event_row_id)
          and d.position = (
            select e.position from event_deliveries e where e.state = 'PENDING' and e.call_id = d.call_id
              and e.receiver = d.receiver and e.due_at < 'infinity' order by e.position limit 1)
        order by d.due_at, d.position limit ${LIMIT}
      ) h where r.room > 0 and r.share > 0 and h.nth <= r.room
    ), head as (
      select id from waiting where nth <= share order by due_at limit ${most}::int
    ), taken as (
      select id from event_deliveries where id in (select id from head) and state = 'PENDING' and due_at <= now()
      for update skip locked
    )
    update event_deliveries d set tries = d.tries + 1, due_at = now() + make_interval(secs => ${LEASE_SECONDS}),
      retrying_since = coalesce(d.retrying_since, now())
    from taken, phone_call_events r left join webhook_secrets s on s.organization_id = r.organization_id
    where d.id = taken.id and r.row_id = d.event_row_id
    returning d.id, d.organization_id as "organizationId", d.organization_id || ' ' || d.receiver as receiver,
      d.event_row_id as "eventRowId", r.id as "eventId", r.method, r.url, d.parameters, d.tries, d.failures,
      array_remove(array[s.secret, case when s.changed_at > now() - interval '24 hours' then s.previous end], null)
        as secrets`);

import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';

/** Scheme, host and port of a rule's URL, without credentials: all that goes there shares its fate. */
export const receiverOf = (url: SQL) =>
  sql`regexp_replace(lower(${url}), '^(https?:)//([^/?#@]*@)?([^/?#]*).*$', '\\1//\\3')`;

/** What a leg comes past, each once: its bit in `milestones`, what fires then, and VoipNow's word for the call. */
const MILESTONES = sql`(values
  (1, case m.role when 'CALLER' then 1 else 0 end, 'CALLING'),
  (2, case m.role when 'CALLER' then 4 else 3 end, 'ANSWER'),
  (4, 2, case when m.answered then 'ANSWER' else 'UNKNOWN' end)) as t(bit, type, status)`;

/**
 * The call of alias `c` and its leg `m`, in the words of VoipNow's Call Events. What was dialled is said of the legs that
 * began the call; whoever was rung later, by a transfer or from a parking place, was called by his own number.
 */
const PARAMETERS = sql`jsonb_build_object(
  'CallID', coalesce((select i.value from call_identifiers i where i.call_id = c.id and i.scheme = 'VOIPNOW'
    order by i.value limit 1), replace(c.id::text, '-', '')),
  'CallerIDNum', coalesce(case caller.role when 'CALLER' then c.ani end, caller.number, ''),
  'CallerIDName', coalesce(caller.name, ''),
  'CalledDID', case when c.direction = 'INBOUND' and m.role = 'CALLEE' and not exists (select from extensions x
      where x.organization_id = c.organization_id and c.dnis in (x.number, x.short_number))
    then coalesce(c.dnis, '') else '' end,
  'CalledExtension', coalesce(callee.extension, ''),
  'CallStatus', m.status,
  'CallFlow', case m.role when 'CALLER' then 'OUT' else 'IN' end,
  'CallerExtension', coalesce(caller.extension, ''),
  'CalledNumber', coalesce(case when m.role in ('CALLER', 'CALLEE') then c.dnis end,
    callee.extension, callee.number, ''))`;

/**
 * Fires the rules of what the call's extensions have come past since the last time, in the transaction that wrote
 * it: a firing is there exactly when the change is. Whoever changes the call has locked it, so that positions are
 * in the order of its changes. What an extension without rules comes past is noted as well: a rule that is made
 * in the midst of a call does not fire for its beginning. An extension has hung up when its last leg has ended, and
 * nobody waits whom it has parked: he comes back to it. The call is named as a value wherever its legs are sought:
 * a plan that was made while there were few legs would else compare all of them with each other.
 */
export async function fireEvents(tx: Executor, callId: string): Promise<void> {
  await tx.rows(sql`
    with c as (select * from calls where id = ${callId}::uuid), leg as materialized (
      select p.sequence, p.extension_id, p.milestones as before, 1
        | case when p.answered_at is not null or (p.role = 'CALLER' and c.answered_at is not null) then 2 else 0 end
        | case when c.state = 'ENDED' or (p.state = 'ENDED' and not exists (select from participants w
            where w.call_id = ${callId}::uuid and w.state <> 'ENDED' and w.parked_by = p.number)) then 4 else 0 end as now
      from participants p cross join c where p.call_id = ${callId}::uuid and p.extension_id is not null
    ), step as (
      select *, now & ~before as bits, bool_and((now | before) & 4 <> 0) over same as is_out,
        max(sequence) filter (where now & ~before & 4 <> 0) over same as last,
        bool_or((now | before) & 2 <> 0) filter (where now & ~before & 4 <> 0) over same as answered
      from leg window same as (partition by extension_id)
    ), passed as (
      update participants p set milestones = step.before | step.now from step
      where p.call_id = ${callId}::uuid and p.sequence = step.sequence and step.bits <> 0
      returning p.sequence, p.extension_id, p.role, ${BEGAN} as began, step.answered,
        case when step.is_out and step.sequence = step.last then step.bits else step.bits & 3 end as bits
    ), m as (
      select m.*, t.*, r.row_id, r.organization_id, ${receiverOf(sql`r.url`)} as receiver, r.suspended_at
      from passed m cross join lateral ${MILESTONES}
      join phone_call_events r on r.extension_id = m.extension_id and r.type = t.type and r.status = 'ENABLED'
      where m.bits & t.bit <> 0
    )
    insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters, due_at)
    select gen_random_uuid(), m.organization_id, m.row_id, c.id, m.receiver, ${PARAMETERS},
      case when m.suspended_at is null then now() else 'infinity' end
    from m cross join c
    left join lateral (${partyOf(callId, CALLING, BEST_CALLER)}) caller on true
    left join lateral (${partyOf(callId, CALLED, BEST_CALLEE)}) callee on true
    order by m.bit, m.sequence, m.row_id`);
}

/** When a leg came into its call; one that has not rung yet, and did not begin it, comes now. */
const BEGAN = sql`coalesce(p.ringing_at, p.answered_at, case p.role when 'CALLEE' then p.offered_at else now() end)`;

/** Who calls is himself the calling one. */
const CALLING = sql`case m.role when 'CALLER' then p.sequence = m.sequence
  else p.sequence <> m.sequence and p.role <> 'LISTENER' end`;
/** Who had left by then has put somebody else through: `callerOf` in SQL. */
const BEST_CALLER = sql`coalesce(p.left_at <= m.began, false), p.role <> 'CALLER', p.sequence`;

/** A leg that is called is itself the called one. */
const CALLED = sql`case m.role when 'CALLER' then p.role = 'CALLEE' else p.sequence = m.sequence end`;
const BEST_CALLEE = sql`p.answered_at is null, p.sequence`;

/** A callback extension has a call made, and is nobody's phone. */
function partyOf(callId: string, which: SQL, order: SQL): SQL {
  return sql`select p.role, p.number, p.name, case when e.kind <> 'CALLBACK' then e.number end as extension
    from participants p left join extensions e on e.id = p.extension_id
    where p.call_id = ${callId}::uuid and ${which} order by ${order} limit 1`;
}

import { type SQL, sql } from 'drizzle-orm';
import type { Subject } from '../model/erasure.ts';
import type { Executor } from '../store/database.ts';

/** A call, and what it has to do with a number. */
export interface SubjectCall {
  readonly id: string;
  /** As a cursor: in full, and in UTC. */
  readonly offeredAt: string;
  /** The number is or was a party of it, was dialled, or is part of one of its names. */
  readonly isParty: boolean;
  /** Its user data, or what the log has of it, or a marker mentions the number, or it was pressed on a phone. */
  readonly mentions: boolean;
  readonly isHeld: boolean;
  /** It is up, and its switch will say when it ends. */
  readonly isLive: boolean;
}

/** The numbers that mean the subject on the switch of the call of alias `c`. */
function numbersOf({ numbers, dialled }: Subject): SQL {
  const always = sql`${sql.param(numbers)}::text[]`;
  if (dialled.size === 0) return always;
  const cases = [...dialled].map(([id, more]) => sql`when ${id} then ${sql.param(more)}::text[]`);
  return sql`(${always} || case c.connector ${sql.join(cases, sql` `)} else '{}' end)`;
}

/** Whether the leg of alias `p`, of the call of alias `c`, is the subject's. */
const isLeg = (subject: Subject) => sql`(p.number = any(${numbersOf(subject)})
  or p.extension_id = any(${sql.param(subject.extensionIds)}::uuid[]))`;

/** The ids of an organization's calls with the subject as a party, by the indexes of legs; `which` is about `c`. */
export function partyCalls(subject: Subject, organizationId: string, which: SQL): SQL {
  const { numbers, dialled, extensionIds } = subject;
  const all = [...numbers, ...[...dialled.values()].flat()];
  // On another switch, what is dialled so may be somebody else.
  const isMeant =
    dialled.size > 0
      ? sql`and exists (select from calls c where c.id = p.call_id and p.number = any(${numbersOf(subject)}))`
      : sql``;
  return sql`
    select c.id from calls c join (
      select p.call_id from participants p
      where p.organization_id = ${organizationId}::uuid and p.number = any(${sql.param(all)}::text[]) ${isMeant}
      union
      select p.call_id from participants p where p.extension_id = any(${sql.param(extensionIds)}::uuid[])
    ) leg on leg.call_id = c.id
    where ${which}`;
}

/** Whether a text has the number. Looking for it plainly first costs next to nothing, and CASE keeps the order. */
function says({ pattern, plain }: Subject, text: SQL): SQL {
  const has = plain.map((one) => sql`strpos(${text}, ${one}) > 0`);
  return pattern === null
    ? sql`false`
    : sql`case when ${sql.join(has, sql` or `)} then ${text} ~ ${pattern} else false end`;
}

/** Rows that belong to a call, and when they say that the subject took part in it. */
interface Trace {
  readonly rows: SQL;
  readonly callId: SQL;
  /** May be about the call, of alias `c`, too. */
  readonly is: SQL;
}

/** Whether the call of alias `c` itself names the subject. */
const isDialled = (subject: Subject) =>
  sql`coalesce(c.ani = any(${numbersOf(subject)}) or c.dnis = any(${numbersOf(subject)}), false)`;

/** Where else than in the call itself its parties are written. */
function tracesOf(subject: Subject): Trace[] {
  const numbers = sql`any(${numbersOf(subject)})`;
  return [
    {
      rows: sql`participants p`,
      callId: sql`p.call_id`,
      is: sql`(${isLeg(subject)} or p.parked_by = ${numbers} or ${says(subject, sql`p.name`)})`,
    },
    {
      rows: sql`call_identifiers i`,
      callId: sql`i.call_id`,
      is: says(subject, sql`i.value`),
    },
    {
      rows: sql`event_deliveries d cross join jsonb_each_text(d.parameters) p`,
      callId: sql`d.call_id`,
      is: sql`(p.value = ${numbers} or ${says(subject, sql`p.value`)})`,
    },
    {
      rows: sql`call_changes l`,
      callId: sql`l.call_id`,
      is: sql`(l.state ->> 'ani' = ${numbers} or l.state ->> 'dnis' = ${numbers} or exists (
        select from json_array_elements(l.state -> 'participants') leg where leg ->> 'number' = ${numbers}
          or leg ->> 'parkedBy' = ${numbers} or ${says(subject, sql`leg ->> 'name'`)}))`,
    },
  ];
}

/** Whether the subject took part in the call of alias `c`, in any of the ways that an erasure goes by. */
function isParty(subject: Subject): SQL {
  const traces = tracesOf(subject).map(({ rows, callId, is }) =>
    any(sql`${rows} where ${callId} = c.id and ${is}`),
  );
  return sql`(${sql.join([isDialled(subject), ...traces], sql` or `)})`;
}

/** One row about some calls: how many were looked at, the last of them, and how many of them are the subject's. */
export const countedCalls = (subject: Subject, calls: SQL): SQL => sql`
  with looked as materialized (
    select c.id, c.offered_at, c.held_for_legal as is_held, ${IS_LIVE} as is_live, ${isParty(subject)} as is_its
    from (${calls}) c
  )
  select count(*)::int as looked, (count(*) filter (where is_its))::int as calls,
    (count(*) filter (where is_its and is_live))::int as live,
    (count(*) filter (where is_its and is_held))::int as held,
    coalesce(jsonb_agg(id) filter (where is_its and is_live and not is_held), '[]') as "liveIds",
    (select jsonb_build_array(${offeredAt(sql`offered_at`)}, id) from looked
      order by looked.offered_at desc, looked.id desc limit 1) as last
  from looked`;

/** Calls of alias `c`, each with what it has to do with the number. */
export function subjectCalls(on: Executor, subject: Subject, calls: SQL): Promise<SubjectCall[]> {
  return on.rows<SubjectCall>(sql`
    select c.id, ${offeredAt(sql`c.offered_at`)} as "offeredAt", ${isParty(subject)} as "isParty",
      coalesce(${says(subject, sql`c.user_data::text`)}, false)
        or ${any(sql`call_changes l where l.call_id = c.id and ${says(subject, sql`(l.state -> 'userData')::text`)}`)}
        or ${any(sql`call_markers m where m.call_id = c.id and ${says(subject, sql`m.name`)}`)}
        or ${pressedNumber(subject)} as mentions,
      c.held_for_legal as "isHeld", ${IS_LIVE} as "isLive"
    from (${calls}) c order by c.offered_at, c.id`);
}

/** A moment as a cursor has it. */
const offeredAt = (moment: SQL) =>
  sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Whether there is any, by an index for each call: for EXISTS, Postgres may read a whole table to hash it. */
const any = (rows: SQL) => sql`coalesce((select true from ${rows} limit 1), false)`;

/** Whether the number was pressed on one phone in the call of alias `c`, among whatever else. */
export function pressedNumber({ plain }: Subject): SQL {
  if (plain.length === 0) return sql`false`;
  const has = plain.map((one) => sql`strpos(d.digits, ${one}) > 0`);
  return any(sql`(
    select string_agg(l.dtmf ->> 'digits', '' order by l.xid, l.id) as digits from call_changes l
    where l.call_id = c.id and l.kind = 'DTMF' group by l.dtmf ->> 'sequence') d where ${sql.join(has, sql` or `)}`);
}

/** Whether the call of alias `c` is up, and its switch will say when it ends. */
export const IS_LIVE = sql`(c.state <> 'ENDED' and c.connector is not null)`;

/** The keys of a call's user data that mention the number: as they are, and as they were in what the log has kept. */
export async function mentioningKeys(
  on: Executor,
  callId: string,
  { pattern }: Subject,
): Promise<string[]> {
  const rows = await on.rows<{ key: string }>(sql`
    select distinct d.key from (
      select user_data as data from calls where id = ${callId}::uuid
      union all
      select (state -> 'userData')::jsonb from call_changes where call_id = ${callId}::uuid
    ) t cross join lateral jsonb_each(case jsonb_typeof(t.data) when 'object' then t.data end) d
    where d.key ~ ${pattern} or d.value::text ~ ${pattern}`);
  return rows.map(({ key }) => key);
}

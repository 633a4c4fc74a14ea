import { sql } from 'drizzle-orm';
import type { SwitchErrorCode } from '../connectors/connector.ts';
import type { Json } from '../model/json.ts';
import { type Database, firstRow } from '../store/database.ts';

/** For how long a command may wait for the owner to take it. */
export const TAKE_MS = 3000;
/** A row that is older than this beyond its time is of nobody who still waits: a hang-up may take a minute. */
const FORGET_MS = 120_000;

/** A command on its way. */
export interface Command {
  /** A uuid. */
  readonly id: string;
  readonly connector: string;
  readonly method: string;
  readonly args: readonly Json[];
  /** For how long it may be begun. */
  readonly beginMs: number;
}

/** What became of a command. */
export type Reply =
  | { readonly result: Json }
  | { readonly error: { readonly code: SwitchErrorCode; readonly message: string } };

/** A command that its owner has taken. */
export interface Taken extends Pick<Command, 'id' | 'method' | 'args'> {
  /** For how long from the taking on it may be begun. */
  readonly leftMs: number;
}

/**
 * How a command stands, seen by its caller. WITHDRAWN: nobody took it in time, and nobody will. ORPHANED: who
 * took it has the switch no more. GONE: there is no trace of it.
 */
export type Standing =
  | { readonly is: 'ANSWERED'; readonly reply: Reply }
  | { readonly is: 'QUEUED' | 'TAKEN' | 'WITHDRAWN' | 'ORPHANED' | 'GONE' };

/** Commands between processes, in Postgres: each is taken once or withdrawn, never both. */
export interface Mailbox {
  put(command: Command): Promise<void>;
  /** Takes all that wait for the owner of this term, and their arguments out of the database. */
  take(connector: string, term: number): Promise<readonly Taken[]>;
  answer(id: string, reply: Reply): Promise<void>;
  /** Looks for the answer, and takes it out; what was not taken in time is withdrawn. */
  look(id: string): Promise<Standing>;
}

/** All times are the database's. */
export const openMailbox = (database: Database): Mailbox => ({
  async put({ id, connector, method, args, beginMs }) {
    // Asked for beforehand: a command that is held up on its way in must be too late when it arrives.
    const row = await firstRow<{ now: string }>(
      database,
      sql`select clock_timestamp()::text as now`,
    );
    const after = (ms: number) =>
      sql`${row?.now ?? null}::timestamptz + make_interval(secs => ${ms / 1000}::float8)`;
    await database.rows(sql`
      insert into switch_commands (id, connector, method, request, state, take_before, begin_before, forget_after)
      values (${id}::uuid, ${connector}, ${method}, ${sql.param(args)}::jsonb, 'QUEUED',
        ${after(TAKE_MS)}, ${after(beginMs)}, ${after(beginMs + FORGET_MS)})`);
  },

  take: (connector, term) =>
    database.rows<Taken>(sql`
      with next as (
        select id, request, queued_at from switch_commands
        where connector = ${connector} and state = 'QUEUED' and take_before > clock_timestamp()
          and exists (select from connector_links where connector = ${connector} and term = ${term}::int)
        for update skip locked
      ), taken as (
        update switch_commands c set state = 'TAKEN', term = ${term}::int, request = null
        from next where c.id = next.id
        returning c.id, c.method, next.request, next.queued_at,
          (extract(epoch from c.begin_before - clock_timestamp()) * 1000)::float8 as left_ms
      )
      select id, method, request as args, left_ms as "leftMs" from taken order by queued_at`),

  async answer(id, reply) {
    await database.rows(sql`update switch_commands set state = 'ANSWERED', answer = ${sql.param(reply)}::jsonb
      where id = ${id}::uuid and state = 'TAKEN'`);
  },

  async look(id) {
    const row = await firstRow<Standing & { reply: Reply | null }>(
      database,
      sql`
      with over as (
        delete from switch_commands where id = ${id}::uuid
          and (state = 'ANSWERED' or (state = 'QUEUED' and take_before <= clock_timestamp()))
        returning state, answer
      )
      select case state when 'QUEUED' then 'WITHDRAWN' else state end as is, answer as reply from over
      union all
      select case when c.state = 'QUEUED' or l.owner is not null then c.state else 'ORPHANED' end, null
      from switch_commands c left join connector_links l on l.connector = c.connector and l.term = c.term
      where c.id = ${id}::uuid and not exists (select from over)`,
    );
    return row ?? { is: 'GONE' };
  },
});

import { sql } from 'drizzle-orm';
import { createDoorbell } from '../src/feed/doorbell.ts';
import { lockCall, logChange } from '../src/operations/log-change.ts';
import type { Database } from '../src/store/database.ts';

/** Changes calls as a Tandem does that has another process on the same database. */
export interface Writer extends AsyncDisposable {
  /** Commits one change of a call, which carries this number and so many bytes beside it, and gives the time right after. */
  write(callId: string, sequence: number, filler?: number): Promise<number>;
  /** Commits one change of each of these calls at once, straight into the log: their numbers go up from the first. */
  writeAll(callIds: readonly string[], first: number): Promise<void>;
}

/** Digits of the number in a call's user data, so that all messages have one size. */
export const sequenceText = (sequence: number) => String(sequence).padStart(9, '0');

/** Milliseconds of a clock that all processes of a machine share. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

/** Opens one; it rings after each commit. */
export async function openWriter(database: Database): Promise<Writer> {
  const onError = (error: unknown) => process.stderr.write(`${error}\n`);
  const bell = await createDoorbell(database, { newsAge: () => 0, onRing() {}, onError });
  return {
    async write(callId, sequence, filler = 4) {
      await database.transaction(async (tx) => {
        await lockCall(tx, callId);
        await tx.rows(sql`update calls set user_data =
          jsonb_build_object('crm', ${'0042'.padEnd(filler)}::text, 'seq', ${sequenceText(sequence)}::text) where id = ${callId}::uuid`);
        await logChange(tx, callId, ['USER_DATA']);
      });
      const at = clock();
      bell.ring();
      return at;
    },
    async writeAll(callIds, first) {
      await database.rows(sql`
        insert into call_changes
          (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
        select t.organization_id, t.call_id, t.version + 1, t.kind, now(),
          jsonb_set(t.state::jsonb, '{userData}', jsonb_build_object('crm', '0042',
            'seq', lpad((${first}::int + k.nth - 1)::text, 9, '0'))), t.extension_ids, t.owner_ids
        from unnest(${sql.param(callIds)}::uuid[]) with ordinality k(call_id, nth), lateral (
          select * from call_changes l where l.call_id = k.call_id order by version desc limit 1) t
        order by k.nth`);
      bell.ring();
    },
    [Symbol.asyncDispose]: () => bell[Symbol.asyncDispose](),
  };
}

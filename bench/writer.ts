import { sql } from 'drizzle-orm';
import { createDoorbell } from '../src/feed/doorbell.ts';
import { lockCall, logChange } from '../src/operations/log-change.ts';
import type { Database } from '../src/store/database.ts';

/** Changes calls as a Tandem does that has another process on the same database. */
export interface Writer extends AsyncDisposable {
  /** Commits one change of a call, which carries this number, and gives the time right after. */
  write(callId: string, sequence: number): Promise<number>;
}

/** Digits of the number in a call's user data, so that all messages have one size. */
export const sequenceText = (sequence: number) => String(sequence).padStart(9, '0');

/** Milliseconds of a clock that all processes of a machine share. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

/** Opens one; it rings after each commit. */
export async function openWriter(database: Database): Promise<Writer> {
  const onError = (error: unknown) => process.stderr.write(`${error}\n`);
  const bell = await createDoorbell(database, () => {}, onError);
  return {
    async write(callId, sequence) {
      await database.transaction(async (tx) => {
        await lockCall(tx, callId);
        await tx.rows(sql`update calls set user_data =
          jsonb_build_object('crm', '0042', 'seq', ${sequenceText(sequence)}::text) where id = ${callId}::uuid`);
        await logChange(tx, callId, ['STATE']);
      });
      const at = clock();
      bell.ring();
      return at;
    },
    [Symbol.asyncDispose]: () => bell[Symbol.asyncDispose](),
  };
}

import { sql } from 'drizzle-orm';
import { createDoorbell } from '../src/feed/doorbell.ts';
import { lockCall, logChange } from '../src/operations/log-change.ts';
import type { Database } from '../src/store/database.ts';

/** What a writer does about those who wait: nothing, rings as Tandem does, or notifies in each transaction. */
export type Waking = 'none' | 'doorbell' | 'notify';

/** Many writers of the same transaction. */
export interface Committer extends AsyncDisposable {
  commitsASecond(
    callIds: readonly string[],
    load: { readonly writers: number; readonly seconds: number },
  ): Promise<number>;
}

/** Opens them; each has a connection, if the pool has as many. */
export async function openCommitter(database: Database, waking: Waking): Promise<Committer> {
  const onError = (error: unknown) => process.stderr.write(`${error}\n`);
  const bell =
    waking === 'doorbell'
      ? await createDoorbell(database, { newsAge: () => 0, onRing() {}, onError })
      : null;

  const commit = (callId: string) =>
    database.transaction(async (tx) => {
      await lockCall(tx, callId);
      await logChange(tx, callId, ['STATE']);
      if (waking === 'notify') await tx.rows(sql`select pg_notify('bench', '')`);
    });

  return {
    async commitsASecond(callIds, { writers, seconds }) {
      let commits = 0;
      const start = performance.now();
      const end = start + seconds * 1000;
      const write = async (_: unknown, writer: number) => {
        for (let at = writer; performance.now() < end; at += writers) {
          await commit(callIds[at % callIds.length] ?? '');
          commits += 1;
          bell?.ring();
        }
      };
      await Promise.all(Array.from({ length: writers }, write));
      return (commits * 1000) / (performance.now() - start);
    },
    [Symbol.asyncDispose]: async () => bell?.[Symbol.asyncDispose](),
  };
}

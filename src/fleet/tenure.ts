import { sql } from 'drizzle-orm';
import { type Database, type Executor, firstRow } from '../store/database.ts';
import type { Lease } from './lease.ts';

/** The time for which this process has a switch to itself. */
export interface Tenure {
  /** Whether the switch is certainly ours at this moment: asked before each command. */
  isHeld(): boolean;
  /**
   * Refuses a transaction that was begun in a tenure that is over, and keeps the next one from beginning before
   * its end. It comes last, because it takes a transaction id.
   */
  fence(tx: Executor): Promise<void>;
}

/** What a process does with a switch came too late: another one has it. */
export class TenureOver extends Error {
  constructor(connector: string) {
    super(`The switch ${connector} is another process's by now.`);
    this.name = 'TenureOver';
  }
}

/** Of a process whose database is its own. */
export const SOLE_TENURE: Tenure = { isHeld: () => true, fence: async () => {} };

/** A tenure among others. */
export interface Term extends Tenure {
  readonly number: number;
  /** Lets go: whoever comes next need not wait. */
  release(): Promise<void>;
}

interface Options {
  readonly database: Database;
  readonly connector: string;
  /** The name of this process. */
  readonly member: string;
  readonly lease: Lease;
}

/** Begins one: from here on no former owner of the switch can write. */
export async function beginTerm({ database, connector, member, lease }: Options): Promise<Term> {
  const row = await firstRow<{ term: number }>(
    database,
    sql`
    insert into connector_links as l (connector, term, owner, link, since)
    values (${connector}, 1, ${member}::uuid, 'CONNECTING', now())
    on conflict (connector) do update set term = l.term + 1, owner = excluded.owner, link = excluded.link,
      since = excluded.since, last_error = null
    returning term`,
  );
  if (!row) throw new Error('An insert with returning gave no row.');
  const { term } = row;
  const isIts = sql`connector = ${connector} and term = ${term}::int`;
  return {
    number: term,
    isHeld: lease.isHeld,
    async fence(tx) {
      const found = await tx.rows(sql`select from connector_links where ${isIts} for share`);
      if (found.length === 0) throw new TenureOver(connector);
    },
    async release() {
      await database.rows(sql`update connector_links set owner = null, link = 'STOPPED', since = now()
        where ${isIts}`);
    },
  };
}

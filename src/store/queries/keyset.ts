import { type SQL, sql } from 'drizzle-orm';
import type { PageRequest } from '../../model/page.ts';

/** The columns that order a list, and the types their cursor values are cast to. */
export interface Order {
  readonly columns: readonly {
    readonly column: SQL;
    readonly type: 'uuid' | 'text' | 'timestamptz' | 'bigint';
  }[];
  readonly descending: boolean;
}

/** Which rows a page has. */
export interface Range {
  /** The page's own rows, and one more if there is one; in no order. */
  readonly rows: SQL;
  /** Every row of the list, for counting. */
  readonly all: SQL;
  /** The list's order, on the reader's alias: `c`, `e`, `r` or `d`. */
  readonly order: Order;
}

/** Conditions by row values: one range of the index that has these columns. */
export function within({ columns, descending }: Order, { after, before }: PageRequest): SQL {
  const left = sql.join(
    columns.map(({ column }) => column),
    sql`, `,
  );
  const bound = (cursor: readonly string[], operator: '<' | '>') => {
    const values = columns.map(({ type }, index) => sql`${cursor[index]}::${sql.raw(type)}`);
    return sql`and (${left}) ${sql.raw(operator)} (${sql.join(values, sql`, `)})`;
  };
  return sql`${after ? bound(after, descending ? '<' : '>') : sql``} ${
    before ? bound(before, descending ? '>' : '<') : sql``
  }`;
}

/** `order by` and `limit` of a page: one row more than asked for, to see whether there are more. */
export function cut(order: Order, { limit, backward }: PageRequest): SQL {
  // As a literal: for an unknown limit Postgres plans a tenth of the table.
  return sql`${inOrder(order, backward)} limit ${sql.raw(String(Math.trunc(limit) + 1))}`;
}

/** `order by` of the list, or the reverse of it. */
export function inOrder({ columns, descending }: Order, backward: boolean): SQL {
  const way = sql.raw(descending === backward ? 'asc' : 'desc');
  const terms = columns.map(({ column }) => sql`${column} ${way}`);
  return sql`order by ${sql.join(terms, sql`, `)}`;
}

import { type SQL, sql } from 'drizzle-orm';
import { inOrder, type Order } from './keyset.ts';
import type { ListShape } from './ranges.ts';

/** What a page's rows still need to come in the list's order: those of one table, from its start, do already. */
export const sorted = ({ of, page }: ListShape, order: Order): SQL =>
  of === 'calls' || page.backward ? inOrder(order, false) : sql``;

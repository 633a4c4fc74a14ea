import { customType } from 'drizzle-orm/pg-core';

/** A transaction's number, which no life of a database gives out twice. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

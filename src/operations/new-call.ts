import { sql } from 'drizzle-orm';
import type { CallRef } from '../connectors/connector.ts';
import type { Carrier } from '../fleet/carrier.ts';
import { GatewayError } from '../model/errors.ts';
import { firstRow } from '../store/database.ts';
import type { Context } from './context.ts';

/** The id of a call that a switch has begun on our word. Its event may be late, or lost: the switch's own list tells. */
export async function callIdOf(
  { database }: Context,
  carrier: Carrier,
  { epoch, nativeId }: CallRef,
): Promise<string> {
  const find = () =>
    firstRow<{ id: string }>(
      database,
      sql`select id from calls
        where connector = ${carrier.id} and epoch = ${epoch} and native_id = ${nativeId}`,
    );
  const row = (await find()) ?? (await carrier.resync().then(find, find));
  if (row) return row.id;
  throw new GatewayError('SWITCH_TIMEOUT', 'The switch began a call and never told of it.');
}

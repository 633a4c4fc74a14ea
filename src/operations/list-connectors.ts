import { sql } from 'drizzle-orm';
import type { Carrier } from '../fleet/carrier.ts';
import { GatewayError } from '../model/errors.ts';
import type { Database } from '../store/database.ts';
import type { Context } from './context.ts';

/** A switch of the configuration, and how many calls it carries. */
export interface ConnectorView {
  readonly carrier: Carrier;
  readonly liveCalls: number;
}

/** All switches, for whoever runs them: refuses everybody but administrators. */
export async function listConnectors(context: Context): Promise<ConnectorView[]> {
  const { principal, switches, database } = context;
  if (principal.accountType !== 'ADMINISTRATOR') {
    throw new GatewayError('FORBIDDEN', 'Only administrators see the switches.');
  }
  const live = await countLiveCalls(database);
  return [...switches.values()].map((carrier) => ({
    carrier,
    liveCalls: live.get(carrier.id) ?? 0,
  }));
}

/** How many calls are up on each switch, as far as the database knows; of those without any there is nothing. */
export async function countLiveCalls(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await database.rows<{ connector: string; calls: number }>(sql`
    select connector, count(*)::int as calls from calls
    where state <> 'ENDED' and connector is not null group by connector`);
  return new Map(rows.map(({ connector, calls }) => [connector, calls]));
}

import { sql } from 'drizzle-orm';
import type { ErasureView } from '../model/erasure.ts';
import { GatewayError } from '../model/errors.ts';
import { firstRow } from '../store/database.ts';
import type { Context } from './context.ts';
import { visibleErasure } from './erase-subject.ts';

/** An erasure as it stands, or a refusal: not there and not yours are the same. */
export async function findErasure(context: Context, id: string): Promise<ErasureView> {
  const erasure = await firstRow<ErasureView>(
    context.database,
    sql`select id, organization_id as "organizationId", user_id as "userId", state, requested_at as "requestedAt",
        finished_at as "finishedAt", expected, erased, cleared, held, certificate
      from erasures where ${visibleErasure(context, id)}`,
  );
  if (!erasure) throw new GatewayError('ERASURE_NOT_FOUND');
  return erasure;
}

import { sql } from 'drizzle-orm';
import { requireOrganization } from '../auth/principal.ts';
import type { ErasureState, ErasureView } from '../model/erasure.ts';
import { GatewayError } from '../model/errors.ts';
import type { PageRequest } from '../model/page.ts';
import { firstRow } from '../store/database.ts';
import { ERASURE_COLUMNS, readErasurePage } from '../store/queries/erasures.ts';
import type { Context } from './context.ts';
import { visibleErasure } from './erase-subject.ts';

/** An erasure as it stands, or a refusal: not there and not yours are the same. */
export async function findErasure(context: Context, id: string): Promise<ErasureView> {
  const erasure = await firstRow<ErasureView>(
    context.database,
    sql`select ${ERASURE_COLUMNS} from erasures e where ${visibleErasure(context, id)}`,
  );
  if (!erasure) throw new GatewayError('ERASURE_NOT_FOUND');
  return erasure;
}

/** One page of erasures: an ADMINISTRATOR reads all, an ORGANIZATION its own, and nobody else any. */
export function readErasures(
  { database, principal, visibility }: Context,
  states: readonly ErasureState[] | null,
  page: PageRequest,
) {
  requireOrganization(principal);
  return readErasurePage(database, visibility.organizationId, states, page);
}

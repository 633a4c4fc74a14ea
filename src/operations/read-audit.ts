import { requireOrganization } from '../auth/principal.ts';
import type { PageRequest } from '../model/page.ts';
import { type AuditFilter, readAuditPage } from '../store/queries/audit.ts';
import type { Context } from './context.ts';

/** One page of the audit log: an ADMINISTRATOR reads all, an ORGANIZATION its own, and nobody else any. */
export function readAudit(
  { database, principal, visibility }: Context,
  filter: AuditFilter,
  page: PageRequest,
) {
  requireOrganization(principal);
  return readAuditPage(database, visibility.organizationId, filter, page);
}

import { sql } from 'drizzle-orm';
import type { SwitchCall } from '../connectors/connector.ts';
import type { Direction } from '../model/call.ts';
import { type Executor, firstRow } from '../store/database.ts';

interface Match {
  readonly organizationId: string;
  readonly number: string;
}

/**
 * Whose call it is and which way it goes, by the numbers that are extensions. The caller's organization has
 * it before the callee's; a number that several organizations have decides nothing.
 */
export async function homeOf(
  tx: Executor,
  call: SwitchCall,
): Promise<{ organizationId: string; direction: Direction } | null> {
  const numbers = call.parties.flatMap(({ number }) => number ?? []);
  const matches = await tx.rows<Match>(sql`
    select organization_id as "organizationId", number from extensions
    where number = any(${sql.param(numbers)}::text[])`);
  const ownerOf = (role: string) => {
    const party = call.parties.find((candidate) => candidate.role === role);
    const owners = matches.filter(({ number }) => number === party?.number);
    return owners.length === 1 ? owners[0]?.organizationId : undefined;
  };
  const organizationId = call.organizationId
    ? await existing(tx, call.organizationId)
    : (ownerOf('CALLER') ?? ownerOf('CALLEE'));
  if (!organizationId) return null;
  return { organizationId, direction: directionOf(call, matches, organizationId) };
}

/** A switch may have been told of an organization that is gone. */
async function existing(tx: Executor, organizationId: string): Promise<string | undefined> {
  const row = await firstRow<{ id: string }>(
    tx,
    sql`select id from organizations where id::text = ${organizationId.toLowerCase()}`,
  );
  return row?.id;
}

function directionOf(
  call: SwitchCall,
  matches: readonly Match[],
  organizationId: string,
): Direction {
  const isInside = (role: string) =>
    call.parties.some(
      (party) =>
        party.role === role &&
        matches.some(
          (match) => match.organizationId === organizationId && match.number === party.number,
        ),
    );
  if (!isInside('CALLER')) return 'INBOUND';
  return isInside('CALLEE') ? 'INTERNAL' : 'OUTBOUND';
}

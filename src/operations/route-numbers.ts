import { sql } from 'drizzle-orm';
import type { SwitchCall } from '../connectors/connector.ts';
import type { Direction } from '../model/call.ts';
import type { NumberRules } from '../model/number-rules.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { type ExtensionMatch, matchNumbers, type NumberMatches } from './match-numbers.ts';
import { spellingsOf } from './number-spellings.ts';

/** Whose call it is, which way it goes, and which extensions its numbers mean. */
export interface Home {
  readonly organizationId: string;
  readonly direction: Direction;
  readonly matches: NumberMatches;
}

/** UNROUTED: no organization has its numbers. AMBIGUOUS: several may. */
export type Homeless = 'UNROUTED' | 'AMBIGUOUS';

/**
 * Finds the home of a call: the organization that the connector's rules or the switch itself name, else the one
 * whose extensions its numbers are. The caller's organization has it before the callee's, unless the caller may have
 * made its number up: then it would take the call out of the hands of those who are called.
 */
export async function homeOf(
  tx: Executor,
  rules: NumberRules,
  call: SwitchCall,
): Promise<Home | Homeless> {
  const given = await givenOrganization(tx, rules, call);
  if (given === null) return 'UNROUTED';
  const numbers = call.parties.flatMap(({ number }) => number ?? []);
  const matches = await findMatches(tx, rules, numbers, given);
  const organizationId = given ?? organizationBy(call, matches);
  if (organizationId === 'UNROUTED' || organizationId === 'AMBIGUOUS') return organizationId;
  return { organizationId, direction: directionOf(call, matches, organizationId), matches };
}

/** Which extensions the numbers of a call that has its home mean. */
export async function extensionsOf(
  tx: Executor,
  rules: NumberRules,
  call: SwitchCall,
  numbers: readonly string[],
): Promise<NumberMatches> {
  if (numbers.length === 0) return new Map();
  const given = await givenOrganization(tx, rules, call);
  return given === null ? new Map() : findMatches(tx, rules, numbers, given);
}

/**
 * The id of the organization whose the call is by what the operator or the switch says; undefined when nobody
 * says anything, null when it is none, or when they contradict each other.
 */
async function givenOrganization(
  tx: Executor,
  { organization: key }: NumberRules,
  { organizationId: told }: SwitchCall,
): Promise<string | null | undefined> {
  if (key === null && told === null) return undefined;
  const row = await firstRow<{ id: string }>(
    tx,
    sql`select id from organizations where key = coalesce(${key}, key)
      and id::text = coalesce(${told?.toLowerCase() ?? null}, id::text)`,
  );
  return row?.id ?? null;
}

async function findMatches(
  tx: Executor,
  rules: NumberRules,
  numbers: readonly string[],
  organizationId: string | undefined,
): Promise<NumberMatches> {
  const spellings = numbers.flatMap((number) => spellingsOf(rules, number));
  const found = await tx.rows<ExtensionMatch>(sql`
    select id, organization_id as "organizationId", number from extensions
    where number = any(${sql.param(spellings)}::text[])
      and (${organizationId ?? null}::uuid is null or organization_id = ${organizationId ?? null}::uuid)`);
  return matchNumbers(rules, numbers, found);
}

const CALLER_FIRST = ['CALLER', 'CALLEE'] as const;
const CALLEE_FIRST = ['CALLEE', 'CALLER'] as const;

/** A number that may be several organizations' gives the call to none of them, and not to the other party's either. */
function organizationBy(call: SwitchCall, matches: NumberMatches): string {
  for (const role of call.isCallerClaimed ? CALLEE_FIRST : CALLER_FIRST) {
    const party = call.parties.find((candidate) => candidate.role === role);
    const match = matches.get(party?.number ?? '');
    if (match) return match === 'AMBIGUOUS' ? match : match.organizationId;
  }
  return 'UNROUTED';
}

function directionOf(call: SwitchCall, matches: NumberMatches, organizationId: string): Direction {
  const isInside = (role: string) =>
    call.parties.some((party) => {
      const match = matches.get(party.number ?? '');
      return party.role === role && extensionIn(match, organizationId) !== null;
    });
  if (!isInside('CALLER')) return 'INBOUND';
  return isInside('CALLEE') ? 'INTERNAL' : 'OUTBOUND';
}

/** The id of the extension, when it is one of this organization. */
export const extensionIn = (
  match: ExtensionMatch | 'AMBIGUOUS' | undefined,
  organizationId: string,
): string | null =>
  match && match !== 'AMBIGUOUS' && match.organizationId === organizationId ? match.id : null;

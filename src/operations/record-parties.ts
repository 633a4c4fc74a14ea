import { type SQL, sql } from 'drizzle-orm';
import type { SwitchCall, SwitchParty } from '../connectors/connector.ts';
import type { Executor } from '../store/database.ts';
import type { NumberMatches } from './match-numbers.ts';
import { extensionIn } from './route-numbers.ts';

/** A leg that is recorded already. */
export interface KnownLeg {
  readonly sequence: string;
  readonly nativeId: string | null;
  readonly number: string | null;
}

interface CallToRecord {
  readonly id: string;
  readonly organizationId: string;
  /** In the order of their sequence. */
  readonly legs: readonly KnownLeg[];
  /** Which extensions the numbers mean that are new in the call. */
  readonly matches: NumberMatches;
}

/** The legs of the call of that id, if there is one. */
export const knownLegs = (tx: Executor, callId: SQL) =>
  tx.rows<KnownLeg>(sql`select sequence, native_id as "nativeId", number from participants
    where call_id = (${callId}) order by sequence`);

/** Writes the legs as the switch has them; one that it no longer names has left. Who is parked is on hold since then. Says whether anything is new. */
export async function recordParties(
  tx: Executor,
  { id, organizationId, legs: known, matches }: CallToRecord,
  call: SwitchCall,
): Promise<boolean> {
  const legs = numbered(known, call).map((leg) => ({
    ...leg,
    extensionId: extensionIn(matches.get(leg.number ?? ''), organizationId),
  }));
  const changed = await tx.rows(sql`
    with leg as (
      select * from jsonb_to_recordset(${sql.param(legs)}::jsonb) as l(sequence text, "nativeId" text, role text,
        number text, name text, state text, "ringingAt" timestamptz, "answeredAt" timestamptz, "heldAt" timestamptz,
        "leftAt" timestamptz, disposition text, "extensionId" uuid, parking jsonb)
    ), gone as (
      update participants set state = 'ENDED', left_at = coalesce(left_at, now())
      where call_id = ${id}::uuid and state <> 'ENDED' and not sequence = any(select sequence from leg)
      returning sequence
    ), written as (
      insert into participants as p (call_id, sequence, organization_id, native_id, role, number, name, extension_id,
        state, ringing_at, answered_at, held_at, left_at, disposition, offered_at, parked_at, parked_position, parked_by)
      select ${id}::uuid, sequence, ${organizationId}::uuid, "nativeId", role, number, name, "extensionId", state,
        "ringingAt", "answeredAt", "heldAt", "leftAt", disposition, ${call.offeredAt}::timestamptz,
        (parking ->> 'at')::timestamptz, (parking ->> 'position')::int, parking ->> 'by' from leg
      on conflict (call_id, sequence) do update set number = excluded.number, name = excluded.name,
        extension_id = coalesce(excluded.extension_id, p.extension_id), state = excluded.state,
        ringing_at = excluded.ringing_at, answered_at = excluded.answered_at, held_at = excluded.held_at,
        left_at = excluded.left_at, disposition = excluded.disposition,
        parked_at = excluded.parked_at, parked_position = excluded.parked_position, parked_by = excluded.parked_by
      where (p.number, p.name, p.state, p.ringing_at, p.answered_at, p.held_at, p.left_at, p.disposition)
        is distinct from (excluded.number, excluded.name, excluded.state, excluded.ringing_at,
          excluded.answered_at, excluded.held_at, excluded.left_at, excluded.disposition)
      returning sequence
    )
    select from gone union all select from written`);
  return changed.length > 0;
}

/** The numbers of legs that are new, or have another number than before. */
export const newNumbers = (known: readonly KnownLeg[], { parties }: SwitchCall): string[] =>
  parties.flatMap(({ nativeId, number }) => {
    const before = known.find((leg) => leg.nativeId === nativeId);
    return number === null || before?.number === number ? [] : number;
  });

/** A leg keeps the sequence that it was first given. */
function numbered(known: readonly KnownLeg[], { parties, end }: SwitchCall) {
  let next = known.length;
  return parties.map((party: SwitchParty) => {
    const sequence = known.find(({ nativeId }) => nativeId === party.nativeId)?.sequence;
    const disposition = party.state === 'ENDED' ? (end?.disposition ?? null) : null;
    return { ...party, sequence: sequence ?? String(next++).padStart(2, '0'), disposition };
  });
}

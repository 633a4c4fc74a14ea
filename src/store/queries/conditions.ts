import { type SQL, sql } from 'drizzle-orm';
import type { ExtensionKind } from '../../model/extension.ts';
import { undressedId } from '../../model/identifiers.ts';
import type { CallFilter, CallName, DeliveryFilter, EventFilter } from '../../model/shape.ts';
import type { Visibility } from '../../model/visibility.ts';

const all = (conditions: readonly (SQL | false | null | undefined | '')[]) => {
  const given = conditions.filter((condition) => condition instanceof Object);
  return given.length > 0 ? sql.join(given, sql` and `) : sql`true`;
};

/** Whether the call of alias `c` is there for this principal. */
export function callVisible({ organizationId, ownerId }: Visibility): SQL {
  return all([
    organizationId && sql`c.organization_id = ${organizationId}::uuid`,
    ownerId &&
      sql`exists (select from participants v join extensions w on w.id = v.extension_id
        where v.call_id = c.id and w.owner_id = ${ownerId}::uuid)`,
  ]);
}

/** Whether the call of alias `c` is visible and what the filter asks for. */
export function callMatches(filter: CallFilter, visibility: Visibility): SQL {
  const { states, directions, number, anyNumber, anyName, identifier, phonesOf } = filter;
  const { ids, offeredFrom, offeredBefore } = filter;
  return all([
    callVisible(visibility),
    ids && sql`c.id = any(${sql.param(ids)}::uuid[])`,
    states && sql`c.state = any(${sql.param(states)}::text[])`,
    // Said apart so that the index of live calls serves.
    states && !states.includes('ENDED') && sql`c.state <> 'ENDED'`,
    directions && sql`c.direction = any(${sql.param(directions)}::text[])`,
    number &&
      sql`exists (select from participants n where n.call_id = c.id and n.number = ${number})`,
    anyNumber &&
      sql`exists (select from participants n where n.call_id = c.id and n.number = any(${sql.param(anyNumber)}::text[]))`,
    anyName &&
      sql`exists (select from participants n, unnest(${sql.param(anyName)}::text[]) part
        where n.call_id = c.id and strpos(lower(n.name), lower(part)) > 0)`,
    identifier && isNamed(identifier),
    phonesOf &&
      sql`exists (select from participants n join extensions x on x.id = n.extension_id
        where n.call_id = c.id and n.state <> 'ENDED' and x.kind = 'TERMINAL' and x.owner_id = ${phonesOf}::uuid)`,
    offeredFrom && sql`c.offered_at >= ${offeredFrom}::timestamptz`,
    offeredBefore && sql`c.offered_at < ${offeredBefore}::timestamptz`,
  ]);
}

/** Whether the call of alias `c` has this name; recorded ones and the uuid in that system's dress. */
export function isNamed({ scheme, value }: CallName): SQL {
  const dressed = undressedId(scheme, value);
  return sql`c.id in (
    select i.call_id from call_identifiers i where i.scheme = ${scheme} and i.value = ${value}
    union all select ${dressed}::uuid where ${dressed}::uuid is not null)`;
}

interface ExtensionConditions {
  readonly visibility: Visibility;
  readonly ids?: readonly string[] | null;
  readonly ownerId?: string | null;
  readonly kinds?: readonly ExtensionKind[] | null;
  /** In full or short form. */
  readonly numbers?: readonly string[] | null;
  /** The same, of one: Postgres plans for a value once, and for a list of unknown length each time anew. */
  readonly number?: string;
}

/** Whether the extension of alias `x` is visible and what is asked for. */
export function extensionMatches(conditions: ExtensionConditions): SQL {
  const { visibility, ids, ownerId, kinds, numbers, number } = conditions;
  return all([
    visibility.organizationId && sql`x.organization_id = ${visibility.organizationId}::uuid`,
    visibility.ownerId && sql`x.owner_id = ${visibility.ownerId}::uuid`,
    ownerId && sql`x.owner_id = ${ownerId}::uuid`,
    kinds && sql`x.kind = any(${sql.param(kinds)}::text[])`,
    ids && sql`x.id = any(${sql.param(ids)}::uuid[])`,
    number && sql`(x.number = ${number} or x.short_number = ${number})`,
    numbers &&
      sql`(x.number = any(${sql.param(numbers)}::text[]) or x.short_number = any(${sql.param(numbers)}::text[]))`,
  ]);
}

/** Whether the rule of alias `r` is visible and what the filter asks for. */
export function eventMatches(
  { extensionId, type }: EventFilter,
  outer: SQL | null,
  visibility: Visibility,
): SQL {
  return all([
    outer && sql`r.extension_id = ${outer}`,
    extensionId && sql`r.extension_id = ${extensionId}::uuid`,
    typeof type === 'number' && sql`r.type = ${type}::int`,
    visibility.organizationId && sql`r.organization_id = ${visibility.organizationId}::uuid`,
    visibility.ownerId &&
      sql`exists (select from extensions x where x.id = r.extension_id and x.owner_id = ${visibility.ownerId}::uuid)`,
  ]);
}

/** Whether the firing of alias `d` is of a visible rule and what the filter asks for. */
export function deliveryMatches(
  { eventRowId, states }: DeliveryFilter,
  outer: SQL | null,
  visibility: Visibility,
): SQL {
  return all([
    outer && sql`d.event_row_id = ${outer}`,
    eventRowId && sql`d.event_row_id = ${eventRowId}::uuid`,
    states && sql`d.state = any(${sql.param(states)}::text[])`,
    // Whoever sees an outer statement's rule sees what is below.
    !outer &&
      sql`exists (select from phone_call_events r where r.row_id = d.event_row_id
        and ${eventMatches({}, null, visibility)})`,
  ]);
}

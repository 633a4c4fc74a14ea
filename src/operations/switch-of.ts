import { sql } from 'drizzle-orm';
import type { Capability } from '../connectors/connector.ts';
import type { Carrier } from '../fleet/carrier.ts';
import { firstRow } from '../store/database.ts';
import type { Context } from './context.ts';
import type { Switches } from './switches.ts';

/** An extension, as switches are found for it. */
export interface Located {
  /** In full. */
  readonly number: string;
  /** What import files call its organization. */
  readonly key: string | undefined;
}

/**
 * The switch that has an extension, as far as NUMBERS says: never one of another organization, and the likeliest of
 * those that are capable of it; of equals the first in the configuration.
 */
export function switchFor(
  switches: Switches,
  extension: Located,
  capability: Capability,
): Carrier | undefined {
  const able = [...switches.values()].filter(
    ({ capabilities, numbers }) =>
      capabilities.has(capability) && (numbers.organization ?? extension.key) === extension.key,
  );
  return able.toSorted((a, b) => likelihoodOf(b, extension) - likelihoodOf(a, extension))[0];
}

/** The same for an extension whose organization's key is not known yet. */
export async function switchOf(
  { database, switches }: Context,
  { number, organizationId }: { readonly number: string; readonly organizationId: string },
  capability: Capability,
): Promise<Carrier | undefined> {
  const organization = await firstRow<{ key: string }>(
    database,
    sql`select key from organizations where id = ${organizationId}::uuid`,
  );
  return switchFor(switches, { number, key: organization?.key }, capability);
}

function likelihoodOf({ numbers: { extensions, organization } }: Carrier, { number }: Located) {
  const isIts = extensions !== null && number.startsWith(extensions);
  const isOfOthers = extensions !== null && !isIts;
  return (isIts ? 4 : 0) - (isOfOthers ? 2 : 0) + (organization === null ? 0 : 1);
}

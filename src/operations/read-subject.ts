import { sql } from 'drizzle-orm';
import { type Subject, subjectOf } from '../model/erasure.ts';
import type { NumberRules } from '../model/number-rules.ts';
import type { Executor } from '../store/database.ts';
import { dialledAs } from './number-spellings.ts';
import type { Switches } from './switches.ts';

/** How switches call numbers, by their ids. */
export type RulesOfSwitches = ReadonlyMap<string, NumberRules>;

/** Those of the switches of the configuration. */
export const rulesOf = (switches: Switches): RulesOfSwitches =>
  new Map([...switches].map(([id, { numbers }]) => [id, numbers]));

/** What to look for in an organization when everything about a number is to go. */
export async function readSubject(
  on: Executor,
  organizationId: string,
  number: string,
  rules: RulesOfSwitches,
): Promise<Subject> {
  const bare = number.replace(/^\+/, '');
  const dialled = [...rules].map(([connector, rule]): [string, readonly string[]] => [
    ...([connector, [bare, `+${bare}`].flatMap((text) => dialledAs(rule, text))] as const),
  ]);
  const all = [bare, `+${bare}`, ...dialled.flatMap(([, numbers]) => numbers)];
  const extensions = await on.rows<{ id: string }>(sql`
    select id from extensions
    where organization_id = ${organizationId}::uuid and number = any(${sql.param(all)}::text[])`);
  return subjectOf(
    number,
    new Map(dialled),
    extensions.map(({ id }) => id),
  );
}

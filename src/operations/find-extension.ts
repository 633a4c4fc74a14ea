import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import { isUuid } from '../model/identifiers.ts';
import type { ExtensionShape } from '../model/shape.ts';
import type { Visibility } from '../model/visibility.ts';
import { extensionMatches } from '../store/queries/conditions.ts';
import { readExtensions, readExtensionsById } from '../store/queries/read.ts';
import type { Context } from './context.ts';

/** Legacy words for the caller itself, and for whoever owns the extension (VoipNow, User-Id). */
const SELF = ['@me', '@viewer'];
const OWNER = '@owner';

/**
 * Whose extensions are meant, inside of what the principal sees. For a USER `@me` is its own; the accounts
 * above own what is below them, as VoipNow's hierarchy has it.
 */
export async function ownedBy(
  { database, visibility, principal }: Context,
  owner: string | null | undefined,
): Promise<Visibility> {
  if (owner === null || owner === undefined || owner === OWNER || SELF.includes(owner))
    return visibility;
  if (owner === principal.userNumber) return { ...visibility, ownerId: principal.userId };
  const users = await database.rows<{ id: string }>(sql`
    select id from users u where u.number = ${owner}
      and (${visibility.organizationId}::uuid is null or u.organization_id = ${visibility.organizationId}::uuid)
      and (${visibility.ownerId}::uuid is null or u.id = ${visibility.ownerId}::uuid) limit 2`);
  const [user] = users;
  if (!user || users.length > 1) throw new GatewayError('USER_NOT_FOUND');
  return { ...visibility, ownerId: user.id };
}

/** The one extension with this number, in full or short form, among the owner's. */
export async function findExtension(
  context: Context,
  number: string,
  { owner, shape = {} }: { owner?: string | null | undefined; shape?: ExtensionShape } = {},
): Promise<ExtensionView> {
  const visibility = await ownedBy(context, owner);
  const found = await readExtensions(context.database, number, shape, visibility);
  // Among several of the same short form, one's own is meant.
  const own = found.filter(({ ownerId }) => ownerId === context.principal.userId);
  const [extension] = own.length === 1 ? own : found;
  if (!extension || (found.length > 1 && own.length !== 1)) {
    throw new GatewayError('EXTENSION_NOT_FOUND');
  }
  return extension;
}

/** The visible extension of this id. */
export async function findExtensionById(
  { database, visibility }: Context,
  id: string,
): Promise<ExtensionView> {
  const [extension] = isUuid(id) ? await readExtensionsById(database, [id], {}, visibility) : [];
  if (!extension) throw new GatewayError('EXTENSION_NOT_FOUND');
  return extension;
}

/** An extension that is named in exactly one way. */
export interface OneExtension {
  /** `@me`, `@viewer`, `@owner` or a user's number; null means whatever the caller sees. */
  readonly owner?: string | null | undefined;
  /** In full or short form; or its id. */
  readonly extension?: string | null | undefined;
  readonly extensionId?: string | null | undefined;
}

/** The visible extension that is named by its number or by its id. */
export async function findOneExtension(
  context: Context,
  { owner, extension, extensionId }: OneExtension,
): Promise<ExtensionView> {
  if (!extension === !extensionId) {
    throw new GatewayError('BAD_INPUT', 'Name the extension by its number or by its id.');
  }
  return extensionId
    ? findExtensionById(context, extensionId)
    : findExtension(context, extension ?? '', { owner });
}

/** No more than a person would follow. */
const MOST_NUMBERS = 100;

/**
 * The ids of the visible extensions with these numbers, as lists of calls take them: a short form means all that
 * have it. Refuses a number that none has.
 */
export async function extensionIds(
  { database, visibility }: Context,
  given: readonly string[],
): Promise<string[]> {
  const numbers = [...new Set(given)];
  if (numbers.length > MOST_NUMBERS) {
    throw new GatewayError('BAD_INPUT', `A filter takes at most ${MOST_NUMBERS} extensions.`);
  }
  const found = await database.rows<{ id: string; number: string; shortNumber: string }>(sql`
    select x.id, x.number, x.short_number as "shortNumber" from extensions x
    where ${extensionMatches({ visibility, numbers })} order by x.id`);
  const known = new Set(found.flatMap(({ number, shortNumber }) => [number, shortNumber]));
  if (numbers.some((number) => !known.has(number))) throw new GatewayError('EXTENSION_NOT_FOUND');
  return found.map(({ id }) => id);
}

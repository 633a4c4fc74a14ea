import { readCalls } from '../store/queries/read.ts';
import type { Context } from './context.ts';

/** The names of the call about which another one consults, which was read without them; none when it is about none. */
export async function readParentIdentifiers(
  { database, visibility }: Context,
  parentId: string | null | undefined,
) {
  if (!parentId) return [];
  const [parent] = await readCalls(database, [parentId], { identifiers: true }, visibility);
  return parent?.identifiers ?? [];
}

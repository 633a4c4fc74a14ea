import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import type { CallState } from '../model/call.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { PresenceStatus } from '../model/presence.ts';
import type { Context } from './context.ts';

type Loader = DataLoader<string, ReadonlySet<CallState>>;

/** What many extensions of an answer ask for is one statement. Nothing is kept: a subscription's request lasts. */
const loaders = new WeakMap<Context, Loader>();

/**
 * What an extension does, from the calls that live. Without a link to the switches it is not known; nor is it anybody's
 * business but its owner's, although a party of one's own calls can be seen.
 */
export async function readPresence(
  context: Context,
  { id, ownerId }: ExtensionView,
): Promise<PresenceStatus> {
  const { visibility, switches } = context;
  const isOwn = visibility.ownerId === null || visibility.ownerId === ownerId;
  const links = [...switches.values()].map(({ link }) => link === 'UP');
  if (!isOwn || !links.includes(true)) return 'UNKNOWN';
  const states = await loaderOf(context).load(id);
  // Whose switch is away is not known: it may be the one that would tell of a call.
  if (states.size === 0) return links.includes(false) ? 'UNKNOWN' : 'ONLINE';
  return states.size === 1 && states.has('RINGING') ? 'RINGING' : 'BUSY';
}

function loaderOf(context: Context): Loader {
  const loader =
    loaders.get(context) ?? new DataLoader((ids) => legStates(context, ids), { cache: false });
  loaders.set(context, loader);
  return loader;
}

/** In which states the extensions are in live calls. */
async function legStates({ database }: Context, ids: readonly string[]) {
  const legs = await database.rows<{ extensionId: string; state: CallState }>(sql`
    select distinct p.extension_id as "extensionId", p.state
    from calls c join participants p on p.call_id = c.id
    where c.state <> 'ENDED' and p.state <> 'ENDED' and p.extension_id = any(${sql.param(ids)}::uuid[])`);
  return ids.map(
    (id) => new Set(legs.filter(({ extensionId }) => extensionId === id).map(({ state }) => state)),
  );
}

import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import type { CallState } from '../model/call.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { PresenceStatus } from '../model/presence.ts';
import type { Context } from './context.ts';

/** In which states an extension is in live calls, and the key of its organization. */
interface Legs {
  readonly key: string | undefined;
  readonly states: ReadonlySet<CallState>;
}

type Loader = DataLoader<string, Legs>;

/** What many extensions of an answer ask for is one statement. Nothing is kept: a subscription's request lasts. */
const loaders = new WeakMap<Context, Loader>();

/**
 * What an extension does, from the calls that live. Without a link to its organization's switches it is not known; nor is it anybody's
 * business but its owner's, although a party of one's own calls can be seen.
 */
export async function readPresence(
  context: Context,
  { id, ownerId }: ExtensionView,
): Promise<PresenceStatus> {
  const { visibility, switches } = context;
  const isOwn = visibility.ownerId === null || visibility.ownerId === ownerId;
  if (!isOwn) return 'UNKNOWN';
  const { key, states } = await loaderOf(context).load(id);
  const links = [...switches.values()]
    .filter(({ numbers }) => (numbers.organization ?? key) === key)
    .map(({ link }) => link === 'UP');
  if (!links.includes(true)) return 'UNKNOWN';
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

async function legStates({ database }: Context, ids: readonly string[]): Promise<Legs[]> {
  const legs = await database.rows<{ id: string; key: string; state: CallState | null }>(sql`
    select distinct x.id, o.key, l.state from extensions x join organizations o on o.id = x.organization_id
    left join (
      select p.extension_id, p.state from calls c join participants p on p.call_id = c.id
      where c.state <> 'ENDED' and p.state <> 'ENDED' and p.extension_id = any(${sql.param(ids)}::uuid[])
    ) l on l.extension_id = x.id
    where x.id = any(${sql.param(ids)}::uuid[])`);
  return ids.map((id) => {
    const its = legs.filter((leg) => leg.id === id);
    const states = its.flatMap(({ state }) => state ?? []);
    return { key: its[0]?.key, states: new Set(states) };
  });
}

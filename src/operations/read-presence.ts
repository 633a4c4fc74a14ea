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

/**
 * Of each its own legs alone are looked at, none older than its organization's oldest live call. `offset 0` keeps Postgres from
 * beginning with all that lives: right after statistics that were taken in a quiet hour it thinks that this is one call.
 */
export const liveLegs = (ids: readonly string[]) => sql`
  select x.id, o.key, array(
    select distinct p.state from (
      select p.call_id, p.state from participants p
      where p.extension_id = x.id and p.state <> 'ENDED' and p.offered_at >= (
        select l.offered_at from calls l where l.state <> 'ENDED' and l.organization_id = x.organization_id
        order by l.offered_at limit 1)
      offset 0) p
    join calls c on c.id = p.call_id where c.state <> 'ENDED') as states
  from unnest(${sql.param(ids)}::uuid[]) asked (id) join extensions x on x.id = asked.id
    join organizations o on o.id = x.organization_id`;

async function legStates({ database }: Context, ids: readonly string[]): Promise<Legs[]> {
  const rows = await database.rows<{ id: string; key: string; states: CallState[] }>(liveLegs(ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    return { key: row?.key, states: new Set(row?.states) };
  });
}

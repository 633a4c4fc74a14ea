import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import type { Capability } from '../connectors/connector.ts';
import { DEVICE_CAPABILITIES, type DeviceCapability, type DeviceView } from '../model/diversion.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { Context } from './context.ts';
import { switchFor } from './switch-of.ts';

/** What a switch must be capable of. */
const NEEDS: Record<DeviceCapability, Capability> = {
  PLACE: 'PLACE',
  DO_NOT_DISTURB: 'DIVERT',
  FORWARD: 'DIVERT',
};

type Loader = DataLoader<string, DeviceView | null>;

/** What many extensions of an answer ask for is one statement. Nothing is kept: a subscription's request lasts. */
const loaders = new WeakMap<Context, Loader>();

/** An extension as a telephone; null when it is none, or another's that is seen as a party of one's own calls. */
export async function readDevice(
  context: Context,
  { id, ownerId }: ExtensionView,
): Promise<DeviceView | null> {
  const { visibility } = context;
  const isOwn = visibility.ownerId === null || visibility.ownerId === ownerId;
  return isOwn ? loaderOf(context).load(id) : null;
}

function loaderOf(context: Context): Loader {
  const loader =
    loaders.get(context) ?? new DataLoader((ids) => devices(context, ids), { cache: false });
  loaders.set(context, loader);
  return loader;
}

interface Row {
  readonly id: string;
  readonly number: string;
  readonly key: string;
  readonly doNotDisturb: boolean | null;
  readonly forwardTo: string | null;
}

async function devices({ database, switches }: Context, ids: readonly string[]) {
  const rows = await database.rows<Row>(sql`
    select x.id, x.number, o.key, d.do_not_disturb as "doNotDisturb", d.forward_to as "forwardTo"
    from extensions x join organizations o on o.id = x.organization_id
      left join diversions d on d.extension_id = x.id
    where x.id = any(${sql.param(ids)}::uuid[]) and x.kind = 'TERMINAL'`);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id): DeviceView | null => {
    const row = found.get(id);
    if (!row) return null;
    const capabilities = DEVICE_CAPABILITIES.filter((one) => switchFor(switches, row, NEEDS[one]));
    return { doNotDisturb: row.doNotDisturb === true, forwardTo: row.forwardTo, capabilities };
  });
}

import { sql } from 'drizzle-orm';
import { isUuid } from '../../model/identifiers.ts';
import type { CallShape, EventShape, ExtensionShape } from '../../model/shape.ts';
import type { Visibility } from '../../model/visibility.ts';
import { type Executor, firstRow } from '../database.ts';
import { callVisible, deliveryMatches, eventMatches, extensionMatches } from './conditions.ts';
import { callJson, deliveryJson, eventJson, extensionJson, ownerJson } from './json.ts';

interface Shapes {
  readonly call: CallShape;
  readonly extension: ExtensionShape;
  readonly event: EventShape;
}

/** Whatever visible thing has this id: a uuid is a call's, an extension's, a user's or a firing's, all else a rule's. */
export async function readNode(
  on: Executor,
  id: string,
  visibility: Visibility,
  shapes: Shapes,
): Promise<{ readonly id: string } | null> {
  const statement = isUuid(id)
    ? sql`
      select ${callJson(shapes.call, visibility)} as node from calls c where c.id = ${id}::uuid and ${callVisible(visibility)}
      union all
      select ${extensionJson(shapes.extension, visibility)} from extensions e where e.id in (
        select x.id from extensions x where ${extensionMatches({ visibility, ids: [id] })})
      union all
      select ${deliveryJson()} from event_deliveries d
      where d.id = ${id}::uuid and ${deliveryMatches({}, null, visibility)}
      union all
      select ${ownerJson()} from users u where u.id = ${id}::uuid
        and (${visibility.organizationId}::uuid is null or u.organization_id = ${visibility.organizationId}::uuid)
        and (${visibility.ownerId}::uuid is null or u.id = ${visibility.ownerId}::uuid)`
    : sql`
      select ${eventJson(shapes.event, visibility)} as node from phone_call_events r
      where r.id = ${id} and ${eventMatches({}, null, visibility)} order by r.row_id limit 1`;
  const row = await firstRow<{ node: { id: string } }>(on, statement);
  return row?.node ?? null;
}

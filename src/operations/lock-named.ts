import { sql } from 'drizzle-orm';
import type { CallView } from '../model/call.ts';
import { isUuid } from '../model/identifiers.ts';
import type { CallName, CallShape } from '../model/shape.ts';
import type { Visibility } from '../model/visibility.ts';
import type { Executor } from '../store/database.ts';
import { callVisible, isNamed } from '../store/queries/conditions.ts';
import { filled } from '../store/queries/forms.ts';
import { callJson } from '../store/queries/json.ts';
import type { Context } from './context.ts';
import type { CallReference } from './find-call.ts';
import { lockOf } from './log-change.ts';
import { ROW, type Row } from './stored-user-data.ts';

/** A call that nobody else changes before the transaction ends. */
export interface LockedCall extends Row {
  readonly call: CallView;
}

const SHAPE: CallShape = { userData: true };

/**
 * Finds the visible call of this name and begins a transaction that changes it, by one statement. Null when there is
 * none, or more than one.
 */
export async function lockNamed(
  tx: Executor,
  { visibility }: Context,
  { callId, identifier }: CallReference,
): Promise<LockedCall | null> {
  const asked = { ...reference(callId, identifier), shape: SHAPE, visibility };
  if (!asked.id && !asked.name) return null;
  // A form for each name would drive out those that come again.
  const statement = asked.id ? filled('locked', asked, locking) : locking(asked);
  const [found] = await tx.rows<LockedCall>(statement);
  return found ?? null;
}

interface Asked {
  readonly id?: string | undefined;
  readonly name?: CallName | undefined;
  readonly shape: CallShape;
  readonly visibility: Visibility;
}

/** By one of the two, or by neither where it would be refused. */
function reference(callId: CallReference['callId'], identifier: CallReference['identifier']) {
  if (callId && identifier) return {};
  if (callId) return isUuid(callId) ? { id: callId } : {};
  return { name: identifier ?? undefined };
}

const locking = ({ id, name, shape, visibility }: Asked) => sql`
  with named as materialized (
    select c.id from calls c
    where ${name ? isNamed(name) : sql`c.id = ${id}::uuid`} and ${callVisible(visibility)} limit 2
  ), locked as materialized (
    select id, ${lockOf(sql`id`)} from named where (select count(*) from named) = 1
  )
  select ${callJson(shape, visibility)} as call, ${ROW}
  from calls c join locked on locked.id = c.id for update of c`;

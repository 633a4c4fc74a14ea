import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import {
  type EventMethod,
  type EventStatus,
  isEventNote,
  isEventType,
  isEventUrl,
  mayHaveEvents,
} from '../model/phone-call-event.ts';
import { isPrivateReceiver } from '../model/private-receiver.ts';
import { newSecret } from '../model/secret.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { findExtension } from './find-extension.ts';
import { followSettings } from './waiting-deliveries.ts';

/** Of one extension. */
const MOST_RULES = 100;

/** An extension, and whose. */
export interface Place {
  /** `@me`, `@viewer`, `@owner` or a user's number; null means whatever the caller sees. */
  readonly owner?: string | null | undefined;
  /** In full or short form. */
  readonly extension: string;
  readonly idempotencyKey?: string | null | undefined;
}

interface Settings {
  readonly method?: EventMethod | null | undefined;
  readonly url?: string | null | undefined;
  readonly status?: EventStatus | null | undefined;
  readonly note?: string | null | undefined;
}

export type CreateEventInput = Place & Settings & { readonly type: number; readonly url: string };
export type UpdateEventInput = Place &
  Settings & { readonly type?: number | null | undefined; readonly eventId: string };
export type DeleteEventsInput = Place & {
  readonly type?: number | null | undefined;
  readonly eventId?: string | null | undefined;
};

/** The rule's row id. */
export type EventReceipt = { readonly rowId: string };
/** The ids of the deleted rules, in the order in which they were made. */
export type DeletedEventsReceipt = { readonly deletedIds: readonly string[] };

/** An extension whose rules the caller may manage. */
export async function extensionFor(
  context: Context,
  { extension, owner }: Place,
): Promise<ExtensionView> {
  const found = await findExtension(context, extension, { owner });
  if (!mayHaveEvents(found.kind)) throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
  return found;
}

/** Makes a rule: on this type of event of the extension, request this URL. */
export const createPhoneCallEvent = (context: Context, input: CreateEventInput) =>
  runCommand(context, {
    operation: 'createPhoneCallEvent',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<EventReceipt> => {
      const extension = await extensionFor(context, input);
      checkType(input.type);
      checkUrl(context, input.url);
      checkNote(input.note);
      const rowId = uuidv7();
      const id = newSecret()
        .replaceAll(/[^A-Za-z0-9]/g, '')
        .slice(0, 30);
      touched.push(id);
      return context.database.transaction(async (tx) => {
        await checkRoom(tx, extension.id);
        await tx.rows(sql`
          insert into phone_call_events (row_id, organization_id, extension_id, id, type, method, url, status, note)
          values (${rowId}::uuid, ${extension.organizationId}::uuid, ${extension.id}::uuid, ${id}, ${input.type}::int,
            ${input.method ?? 'POST'}, ${input.url}, ${input.status ?? 'ENABLED'}, ${input.note ?? null})`);
        return written(tx, { rowId });
      });
    },
  });

/** Changes those settings of a rule that are given; what waits is sent by the new ones. */
export const updatePhoneCallEvent = (context: Context, input: UpdateEventInput) =>
  runCommand(context, {
    operation: 'updatePhoneCallEvent',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<EventReceipt> => {
      const extension = await extensionFor(context, input);
      if (typeof input.type === 'number') checkType(input.type);
      if (typeof input.url === 'string') checkUrl(context, input.url);
      checkNote(input.note);
      const note = input.note === undefined ? sql`note` : sql`${input.note}::text`;
      return context.database.transaction(async (tx) => {
        const changed = await firstRow<EventReceipt>(
          tx,
          sql`update phone_call_events set method = coalesce(${input.method ?? null}, method),
            url = coalesce(${input.url ?? null}, url), status = coalesce(${input.status ?? null}, status),
            note = ${note}, modified_at = now()
          where extension_id = ${extension.id}::uuid and id = ${input.eventId}
            and (${input.type ?? null}::int is null or type = ${input.type ?? null}::int)
          returning row_id as "rowId"`,
        );
        if (!changed) throw new GatewayError('EVENT_NOT_FOUND');
        touched.push(input.eventId);
        await followSettings(tx, changed.rowId, input);
        return written(tx, { rowId: changed.rowId });
      });
    },
  });

/**
 * Deletes an extension's rules, with what they have fired: one by its id, those of a type, or all; none is no error
 * unless one was named.
 */
export const deletePhoneCallEvents = (context: Context, input: DeleteEventsInput) =>
  runCommand(context, {
    operation: 'deletePhoneCallEvents',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<DeletedEventsReceipt> => {
      const extension = await extensionFor(context, input);
      if (typeof input.type === 'number') checkType(input.type);
      touched.push(extension.id);
      return context.database.transaction(async (tx) => {
        const rows = await tx.rows<{ id: string }>(sql`
          with gone as (
            delete from phone_call_events where extension_id = ${extension.id}::uuid
              and (${input.type ?? null}::int is null or type = ${input.type ?? null}::int)
              and (${input.eventId ?? null}::text is null or id = ${input.eventId ?? null}::text)
            returning id, row_id
          ), fired as (
            delete from event_deliveries where event_row_id in (select row_id from gone)
          ) select id from gone order by row_id`);
        if (typeof input.eventId === 'string' && rows.length === 0) {
          throw new GatewayError('EVENT_NOT_FOUND');
        }
        const deletedIds = rows.map(({ id }) => id);
        touched.push(...deletedIds);
        return written(tx, { deletedIds });
      });
    },
  });

/** Each of them is a request to somebody for every call; whoever makes another one meanwhile waits. */
async function checkRoom(tx: Executor, extensionId: string) {
  await tx.rows(sql`select from extensions where id = ${extensionId}::uuid for no key update`);
  const row = await firstRow<{ count: number }>(
    tx,
    sql`select count(*)::int from phone_call_events where extension_id = ${extensionId}::uuid`,
  );
  if ((row?.count ?? 0) < MOST_RULES) return;
  throw new GatewayError('BAD_INPUT', `An extension takes at most ${MOST_RULES} rules.`);
}

function checkType(type: number) {
  if (!isEventType(type)) throw new GatewayError('EVENT_TYPE_INVALID');
}

function checkUrl({ refusesPrivateReceivers }: Context, url: string) {
  if (!isEventUrl(url)) {
    throw new GatewayError(
      'BAD_INPUT',
      '`url` must be an absolute http or https URL of at most 2048 characters, percent-encoded.',
    );
  }
  // Told here where it can be seen; names that turn out to be private are found when they are looked up.
  if (refusesPrivateReceivers && isPrivateReceiver(url)) {
    throw new GatewayError('EVENT_URL_NOT_ALLOWED');
  }
}

function checkNote(note: string | null | undefined) {
  if (isEventNote(note ?? '')) return;
  throw new GatewayError('BAD_INPUT', '`note` takes at most 1024 characters.');
}

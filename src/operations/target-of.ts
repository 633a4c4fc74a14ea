import { sql } from 'drizzle-orm';
import type { TransferTarget } from '../connectors/connector.ts';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import { isDialable } from '../model/phone-number.ts';
import { readExtensions } from '../store/queries/read.ts';
import type { Context } from './context.ts';

/** Whom a number means that is to be called. */
export interface DialledTarget extends TransferTarget {
  /** Absent for an outside number. */
  readonly callee: ExtensionView | undefined;
}

/** Anybody's extension in the organization may be rung, seen or not; every other number is an outside one. */
export async function targetOf(
  { database }: Context,
  organizationId: string,
  to: string,
  /** What it is called where it came from. */
  name = 'to',
): Promise<DialledTarget> {
  if (!isDialable(to)) {
    throw new GatewayError(
      'PHONE_NUMBER_INVALID',
      `\`${name}\` is not something that can be dialled.`,
    );
  }
  const found = await readExtensions(database, to, {}, { organizationId, ownerId: null });
  const [callee] = found.length === 1 ? found : [];
  return { callee, to: callee?.number ?? to, toExtension: callee !== undefined };
}

/** The one mailbox of whoever owns this extension. */
export async function mailboxOf(
  context: Context,
  { organizationId }: { readonly organizationId: string },
  to: string,
): Promise<TransferTarget> {
  const { callee } = await targetOf(context, organizationId, to);
  if (!callee) throw new GatewayError('EXTENSION_NOT_FOUND');
  const found = await context.database.rows<{ number: string }>(sql`
    select number from extensions where organization_id = ${organizationId}::uuid and kind = 'VOICEMAIL'
      and (id = ${callee.id}::uuid or owner_id = ${callee.ownerId}::uuid) limit 2`);
  const [mailbox, another] = found;
  if (mailbox && !another) return { to: mailbox.number, toExtension: true };
  throw new GatewayError('NOT_SUPPORTED', 'There is no voicemail, or more than one, for `to`.');
}

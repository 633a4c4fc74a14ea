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
): Promise<DialledTarget> {
  if (!isDialable(to)) {
    throw new GatewayError('PHONE_NUMBER_INVALID', '`to` is not something that can be dialled.');
  }
  const found = await readExtensions(database, to, {}, { organizationId, ownerId: null });
  const [callee] = found.length === 1 ? found : [];
  return { callee, to: callee?.number ?? to, toExtension: callee !== undefined };
}

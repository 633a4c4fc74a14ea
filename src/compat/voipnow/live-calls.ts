import { GatewayError } from '../../model/errors.ts';

/** The states of a call that is up. */
export const LIVE = ['DIALING', 'RINGING', 'CONNECTED', 'HELD'] as const;

/**
 * The extension of a path whose calls are meant; null means all of the user's. `@owner` is the owner of the extension,
 * so without a call `@self` says nothing about whose calls.
 */
export function extensionOf(
  userId: string,
  extension: string,
  callId: string | undefined,
): string | null {
  if (extension !== '@self') return extension;
  if (userId !== '@owner' || callId !== undefined) return null;
  throw new GatewayError('EXTENSION_NOT_FOUND');
}

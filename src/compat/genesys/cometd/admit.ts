import { refusalOf } from '../../refusal.ts';
import type { LegacyOrigin } from '../../serve.ts';
import { credentialsOf } from '../credentials.ts';
import { refuseChosen } from '../forgery.ts';
import { refuse } from '../refusals.ts';
import type { Caller, CometdHost } from './host.ts';
import { isPolled } from './jsonp.ts';

/**
 * Who asks, or the refusal of what another page may have asked with his password, and of what nobody asks by this
 * method: settled before anything is told of the messages. Throws UNAUTHENTICATED or RATE_LIMITED.
 */
export async function admit(
  host: CometdHost,
  request: Request,
  origin: LegacyOrigin,
): Promise<Caller | Response> {
  const caller = await host.open(credentialsOf(request), origin);
  const asker = { userId: async () => caller.userId, ownerOf: host.ownerOf };
  const forged = host.csrf ? await refuseChosen(request, asker) : null;
  if (forged) return forged;
  return isPolled(request, host) ? caller : refuse(refusalOf('NO_ROUTE'));
}

import type { Credentials } from '../model/credentials.ts';
import type { GatewayError } from '../model/errors.ts';
import type { Dialect, Execute, Route, SessionHost } from './dialect.ts';
import { later } from './later.ts';
import { type LegacyRequest, toLegacy } from './legacy-request.ts';
import { decodeParams } from './path-params.ts';
import { Refused, refusalOf } from './refusal.ts';
import { createRouter, type Found } from './router.ts';
import { isStorable } from './tame.ts';

/** Where a request comes from. */
export interface LegacyOrigin {
  /** The peer's address. */
  readonly peer: string;
  readonly requestId: string;
  /** Ends what streams: the client has gone, or the server stops. */
  readonly signal: AbortSignal;
}

/** Authenticates, and gives what runs documents as that principal. Throws UNAUTHENTICATED or RATE_LIMITED. */
export type ExecuteAs = (
  credentials: Credentials,
  from: LegacyOrigin & { readonly dialect: string },
) => Promise<Execute>;

/** Where nothing is set, and no session is kept. */
const NO_HOST: SessionHost = {
  csrf: false,
  origins: [],
  holderOf: async () => null,
  ownerOf: async () => null,
};

/**
 * Makes a fetch handler of a dialect; `undefined` means the URI is not one of its own.
 * Who is asking, and whether by a page of his own, is settled before anything else is looked at: strangers learn nothing.
 * @param refusalIn the refusal that an error is; null is a bug, and the client hears "internal" in the dialect's words.
 */
export function serve(
  dialect: Dialect,
  executeAs: ExecuteAs,
  refusalIn: (error: unknown) => GatewayError | null,
  host: SessionHost = NO_HOST,
) {
  const sessions = dialect.sessions?.(host);
  const find = createRouter(dialect);
  const isMine = ({ pathname }: URL) =>
    dialect.bases.some((base) => pathname === base || pathname.startsWith(`${base}/`));

  function done({ route, groups }: Found, legacy: LegacyRequest, execute: Execute) {
    return route.answer(legacy, decodeParams(groups, route.refusedAs), execute);
  }

  function refused(error: unknown, legacy: LegacyRequest, route: Route | undefined) {
    if (error instanceof Refused) return dialect.refuse(error, legacy, route);
    const refusal = refusalIn(error);
    return later(dialect.refuse(refusal ?? refusalOf('INTERNAL'), legacy, route), refusal);
  }

  return async (request: Request, from: LegacyOrigin): Promise<Response | undefined> => {
    if (!isMine(new URL(request.url))) return undefined;
    const legacy = await toLegacy(request);
    let route: Route | undefined;
    let headers = new Headers();
    try {
      const open = await dialect.openTo?.(legacy);
      if (open) return open;
      const strange = sessions?.refuseForged(legacy);
      if (strange) return strange;
      const credentials = storable(dialect.credentialsOf(legacy));
      const execute = await executeAs(credentials, { ...from, dialect: dialect.name });
      const chosen = await sessions?.refuseChosen(legacy, execute);
      if (chosen) return chosen;
      headers = (await sessions?.open(legacy, execute, from.peer)) ?? headers;
      const found = find(request.url, legacy);
      if ('code' in found) return withHeaders(dialect.refuse(found, legacy, undefined), headers);
      route = found.route;
      return withHeaders(await done(found, legacy, execute), headers);
    } catch (error) {
      return withHeaders(refused(error, legacy, route), headers);
    }
  };
}

function withHeaders(response: Response, headers: Headers): Response {
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}

/** Basic can carry any byte, and what no database can store belongs to nobody. */
function storable(credentials: Credentials): Credentials {
  const texts = Object.values(credentials).filter((value) => typeof value === 'string');
  return texts.every(isStorable) ? credentials : { kind: 'none' };
}

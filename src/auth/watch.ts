import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import type { Principal } from './principal.ts';

/** Tokens must lose their subscriptions within a second of being revoked. */
const LOOK_MS = 500;
const LONGEST_LOOK_MS = 5000;

/** Looks after the tokens behind long-lived connections. */
export interface TokenWatch extends Disposable {
  /** A signal that is aborted when the principal's token has expired or been revoked; release it when done. */
  watch(principal: Principal): { readonly signal: AbortSignal; release(): void };
}

/** A token, and what ends with it. */
interface Watched {
  readonly tokenId: string | null;
  readonly expiresAt: Date | null;
  readonly dependents: Set<AbortController>;
}

/** One statement each half second, whatever the number of connections; none while nothing is watched. */
export function startTokenWatch(on: Executor, onError: (error: unknown) => void): TokenWatch {
  const watched = new Map<string, Watched>();
  let looking = false;
  let began = 0;

  async function look() {
    endExpired(watched.values());
    // A look that hangs, on a connection that is half dead, must not be the last one.
    if (watched.size === 0 || (looking && Date.now() - began < LONGEST_LOOK_MS)) return;
    looking = true;
    began = Date.now();
    try {
      const asked = [...watched.values()].filter(({ tokenId }) => tokenId !== null);
      const valid = await validAmong(
        on,
        asked.flatMap(({ tokenId }) => tokenId ?? []),
      );
      for (const token of asked) if (!valid.has(token.tokenId ?? '')) end(token);
    } catch (error) {
      onError(error);
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(look, LOOK_MS);
  return {
    watch({ tokenId, expiresAt }) {
      // Tokens of an issuer have no id here; they end by their time alone.
      const key = tokenId ?? `until ${expiresAt?.getTime()}`;
      const token = watched.get(key) ?? { tokenId, expiresAt, dependents: new Set() };
      watched.set(key, token);
      const dependent = new AbortController();
      token.dependents.add(dependent);
      const release = () => {
        token.dependents.delete(dependent);
        if (token.dependents.size === 0 && watched.get(key) === token) watched.delete(key);
      };
      return { signal: dependent.signal, release };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function end({ dependents }: Watched) {
  for (const dependent of dependents) dependent.abort();
}

/** Asks nobody: it works while the database is away, too. */
function endExpired(watched: Iterable<Watched>) {
  for (const token of watched) {
    if (token.expiresAt !== null && token.expiresAt.getTime() <= Date.now()) end(token);
  }
}

async function validAmong(on: Executor, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await on.rows<{ id: string }>(sql`
    select t.id from tokens t left join apps a on a.id = t.app_id
    where t.id = any(${sql.param(ids)}::uuid[]) and t.revoked_at is null and a.revoked_at is null
      and (t.expires_at is null or t.expires_at > now())`);
  return new Set(rows.map(({ id }) => id));
}

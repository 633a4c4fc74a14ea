import { sql } from 'drizzle-orm';
import type { Executor } from '../store/database.ts';
import { passwordMark } from './password-mark.ts';
import type { Principal } from './principal.ts';

/** What was begun must end within a second of its credentials' end. */
const LOOK_MS = 500;
const LONGEST_LOOK_MS = 5000;

/** Looks after those who are behind long-lived connections. */
export interface PrincipalWatch extends Disposable {
  /**
   * A signal that is aborted when this is not who it was: its token has expired, its token or app has been revoked,
   * its password is another one, or its user has gone or may see something else. Release it when done.
   */
  watch(principal: Principal): { readonly signal: AbortSignal; release(): void };
}

/** A principal, and what ends with it. */
interface Watched {
  readonly principal: Principal;
  readonly dependents: Set<AbortController>;
}

/** One statement each half second, whatever the number of connections; none while nothing is watched. */
export function startPrincipalWatch(
  on: Executor,
  onError: (error: unknown) => void,
): PrincipalWatch {
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
      const asked = [...watched.values()];
      for (const index of await changedAmong(on, asked)) end(asked[index]);
    } catch (error) {
      onError(error);
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(look, LOOK_MS);
  return {
    watch(principal) {
      const key = keyOf(principal);
      const same = watched.get(key) ?? { principal, dependents: new Set() };
      watched.set(key, same);
      const dependent = new AbortController();
      same.dependents.add(dependent);
      const release = () => {
        same.dependents.delete(dependent);
        if (same.dependents.size === 0 && watched.get(key) === same) watched.delete(key);
      };
      return { signal: dependent.signal, release };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const keyOf = (principal: Principal) =>
  [
    principal.userId,
    principal.appId,
    principal.tokenId,
    principal.expiresAt?.getTime(),
    principal.passwordMark,
    standingOf(principal),
  ].join();

/** How far it may go, in the words of `changedAmong`; what is not stored here cannot change here. */
const standingOf = ({ accountType, organizationId, tokenId, scopes }: Principal) =>
  [accountType, organizationId, ...(tokenId ? scopes : [])].join();

function end(watched: Watched | undefined) {
  for (const dependent of watched?.dependents ?? []) dependent.abort();
}

/** Asks nobody: it works while the database is away, too. */
function endExpired(watched: Iterable<Watched>) {
  for (const one of watched) {
    const { expiresAt } = one.principal;
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) end(one);
  }
}

/** The places of those who are not what they were. A key alone acts for its app's user. */
async function changedAmong(on: Executor, watched: readonly Watched[]): Promise<number[]> {
  const principals = watched.map(({ principal }) => principal);
  const all = (value: (principal: Principal) => string | null | undefined) =>
    sql.param(principals.map((principal) => value(principal) ?? null));
  const rows = await on.rows<{ index: number }>(sql`
    select (w.n - 1)::int as index
    from unnest(${all(({ userId }) => userId)}::uuid[], ${all(({ appId }) => appId)}::uuid[],
      ${all(({ tokenId }) => tokenId)}::uuid[], ${all(standingOf)}::text[],
      ${all((principal) => principal.passwordMark)}::text[])
      with ordinality as w(user_id, app_id, token_id, standing, password_mark, n)
    left join users u on u.id = w.user_id
    left join apps a on a.id = w.app_id
    left join tokens t on t.id = w.token_id
    left join apps b on b.id = t.app_id
    where w.standing is distinct from concat_ws(',', u.account_type, u.organization_id, nullif(array_to_string(t.scopes, ','), ''))
      or coalesce(w.password_mark, t.password_mark) <> coalesce(${passwordMark}, '')
      or w.app_id is not null and (a.id is null or a.revoked_at is not null or a.organization_id <> u.organization_id
        or w.token_id is null and (a.requires_token or a.user_id <> w.user_id))
      or w.token_id is not null and (t.user_id is distinct from w.user_id or t.revoked_at is not null
        or b.revoked_at is not null or b.organization_id <> u.organization_id
        or t.organization_id <> u.organization_id or t.expires_at <= now())`);
  return rows.map(({ index }) => index);
}

import postgres from 'postgres';

/** A connection of its own, for locks that live as long as it does. */
export interface LockSession extends AsyncDisposable {
  /** Aborts when the connection is gone, and its locks with it. */
  readonly lost: AbortSignal;
  readonly client: postgres.Sql;
}

/** A lock of which each database has one, held by a connection of its own. */
export type SessionLock = Pick<LockSession, 'lost' | typeof Symbol.asyncDispose>;

/** Opens one; nothing is connected before the first statement. `settings` are Postgres's own. */
export function openLockSession(
  url: string,
  name: string,
  settings: Readonly<Record<string, number>> = {},
): LockSession {
  const gone = new AbortController();
  const client = postgres(url, {
    max: 1,
    // The driver would change the connection now and then.
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => gone.abort(),
    connection: { application_name: `tandem ${name}`, ...settings },
  });
  const end = () => client.end({ timeout: 2 });
  return { client, lost: gone.signal, [Symbol.asyncDispose]: end };
}

/** Takes it, or gives null when somebody else has it. */
export async function trySessionLock(url: string, name: string): Promise<SessionLock | null> {
  const session = openLockSession(url, name);
  try {
    const [row] = await session.client<{ isMine: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${name}, 0)) as "isMine"`;
    if (row?.isMine) return session;
    await session[Symbol.asyncDispose]();
    return null;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

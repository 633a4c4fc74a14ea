import postgres from 'postgres';

/** A lock of which each database has one, held by a connection of its own. */
export interface SessionLock extends AsyncDisposable {
  /** Aborts when the connection is gone, and the lock with it. */
  readonly lost: AbortSignal;
}

/** Takes it, or gives null when somebody else has it. */
export async function trySessionLock(url: string, name: string): Promise<SessionLock | null> {
  const gone = new AbortController();
  const client = postgres(url, {
    max: 1,
    // The driver would change the connection now and then.
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => gone.abort(),
    connection: { application_name: `tandem ${name}` },
  });
  const end = () => client.end({ timeout: 2 });
  try {
    const [row] = await client<{ isMine: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${name}, 0)) as "isMine"`;
    if (row?.isMine) return { lost: gone.signal, [Symbol.asyncDispose]: end };
    await end();
    return null;
  } catch (error) {
    await end();
    throw error;
  }
}

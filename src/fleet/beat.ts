import type { LinkState } from '../model/link.ts';
import type { LockSession } from '../store/session-lock.ts';

/** What the database says of one switch. */
export interface Sighting {
  readonly connector: string;
  /** The lock is this session's now, and was not before. */
  readonly isTaken: boolean;
  /** The process that has the link; null when it was let go, or never was there. */
  readonly owner: string | null;
  readonly link: LinkState | null;
  readonly since: Date | null;
  readonly lastError: string | null;
  /** Commands wait for its owner. */
  readonly isCalled: boolean;
}

/**
 * One statement that does it all: it proves that the connection and its locks are there, tries the locks that are
 * still wanted, looks how the others' switches are, and sweeps away commands that nobody has fetched.
 */
export async function beat(
  { client }: Pick<LockSession, 'client'>,
  connectors: readonly string[],
  held: ReadonlySet<string>,
): Promise<readonly Sighting[]> {
  const wanted = connectors.filter((id) => !held.has(id));
  return client<Sighting[]>`
    with swept as (delete from switch_commands where forget_after < now())
    select c.id as connector, l.owner, l.link, l.since, l.last_error as "lastError",
      case when c.id = any(${listOf(wanted)})
        then pg_try_advisory_lock(hashtextextended('switch ' || c.id, 0)) else false end as "isTaken",
      exists (select from switch_commands q where q.connector = c.id and q.state = 'QUEUED') as "isCalled"
    from unnest(${listOf(connectors)}) as c(id) left join connector_links l on l.connector = c.id`;

  /** Ids have no commas; and a connection that asks nothing beforehand knows of no arrays. */
  function listOf(ids: readonly string[]) {
    return client`string_to_array(${ids.join(',')}, ',')`;
  }
}

import type { Database } from '../store/database.ts';

const last = new WeakMap<Database, Promise<void>>();

/**
 * Does what is heavy for a database when all that was asked for earlier is done, well or not: in this process no two run
 * at once, and they take one connection of the pool between them.
 */
export function inTurn<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(database) ?? Promise.resolve()).then(work);
  const settled = turn.then(
    () => {},
    () => {},
  );
  last.set(database, settled);
  return turn;
}

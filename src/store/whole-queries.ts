import type { PGlite } from '@electric-sql/pglite';

const SYNC = 'S'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
/** Parse, Bind, Describe, Execute, Close, Flush: what comes between the begin of a query and its Sync. */
const PARTS = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));

/**
 * pglite-socket gives its one backend from client to client after any message, unless a transaction is open. But
 * between Bind and Execute of one client nobody else may bind, or it executes the other's query and gets the other's
 * rows. So the backend counts as "in a transaction" from the first part of a query to its Sync.
 */
export function inWholeQueries(db: PGlite): PGlite {
  let midway = false;
  const own: Partial<PGlite> = {
    isInTransaction: () => midway || db.isInTransaction(),
    execProtocolRawStream: (message, options) => {
      const [type = 0] = message;
      if (PARTS.has(type)) midway = true;
      if (type === SYNC || type === QUERY) midway = false;
      return db.execProtocolRawStream(message, options);
    },
    // What the socket server sends for a client that is gone in the midst of something.
    exec: (query, options) => {
      midway = false;
      return db.exec(query, options);
    },
  };
  return new Proxy(db, {
    get: (target, key) => {
      const value: unknown = Reflect.get(Object.hasOwn(own, key) ? own : target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

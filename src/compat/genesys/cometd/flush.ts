import type { ServerSession } from 'cometd-nodejs-server';

/** What the library has and its types do not. */
type Flushable = ServerSession & { _flush(): void };

/** Answers a session's poll that waits, if there is one. */
export const flush = (session: ServerSession) => (session as Flushable)._flush(); // see Flushable

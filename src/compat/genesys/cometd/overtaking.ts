import type { CometDServer, ServerSession } from 'cometd-nodejs-server';
import { CONNECT } from './channels.ts';
import { flush } from './flush.ts';

/** How long who was overtaken is to wait, in ms: else it overtakes in turn, and so on at full speed. */
const WAIT_MS = 1000;

/** Where one poll of a session overtakes another one. */
export interface Overtaking {
  /** Has the poll that waits answered, which the library itself would fail: one waits at a time. */
  overtake(session: ServerSession | null): void;
}

/** Advises who was overtaken to wait, and whoever polls for that session later not to. */
export function openOvertaking(server: CometDServer): Overtaking {
  let overtaken: ServerSession | null = null;
  // Clients keep to an advice until the next one comes.
  const slowed = new WeakSet<ServerSession>();
  const advice = (interval: number) => ({
    ...{ reconnect: 'retry', timeout: server.options.timeout, interval },
  });
  server.addExtension({
    outgoing: (_server, _sender, session, reply, next) => {
      if (reply.channel === CONNECT && reply.successful) {
        if (session === overtaken) {
          slowed.add(session);
          reply.advice = advice(WAIT_MS);
        } else if (slowed.has(session)) reply.advice ??= advice(0);
      }
      next(undefined, true);
    },
  });
  return {
    overtake(session) {
      if (!session) return;
      overtaken = session;
      flush(session);
      overtaken = null;
    },
  };
}

import type { ServerMessage, ServerSession } from 'cometd-nodejs-server';
import { CONNECT } from './channels.ts';
import { flush } from './flush.ts';

/** What the library answers to a poll that names no session. */
const UNKNOWN = {
  successful: false,
  error: '402::session_unknown',
  advice: { reconnect: 'handshake', interval: 0 },
};

/** What the library has and its types do not: a message that is not sent after all. */
const DROPPED = null as unknown as ServerMessage;

/**
 * Ends a session of which its client does not know that it ends. The poll that waits is answered as the next one will
 * be, so the client shakes hands again; the library's own word would be the answer to a client that leaves, after
 * which none comes back.
 */
export function endSession(session: ServerSession): void {
  session.addExtension({
    outgoing: (_sender, _session, message, pass) => {
      const isPoll = message.channel === CONNECT;
      if (message.channel === '/meta/disconnect') pass(undefined, DROPPED);
      else pass(undefined, isPoll ? { ...message, ...UNKNOWN } : message);
    },
  });
  session.disconnect();
  flush(session);
}

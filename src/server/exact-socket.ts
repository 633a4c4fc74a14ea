import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import { WebSocket } from 'ws';
import { markedText } from '../model/exact-json.ts';
import { createOperationTurns, LONGEST_ID } from './operation-turns.ts';

type Data = Parameters<WebSocket['send']>[0];
type SendOptions = Parameters<WebSocket['send']>[1];
type Sent = (error?: Error) => void;

/** Bytes that may wait for a client. More than the feed lets wait (256 kB): it may follow slowly and still be heard. */
const MOST_BYTES = 512 * 1024;
/** And answers: small ones take more memory than they have bytes. */
const MOST_ANSWERS = 1000;
/** Bytes (RFC 6455, section 5.5). */
const LONGEST_REASON = 123;

/**
 * A WebSocket whose messages have no numbers that JavaScript would change: graphql-ws parses by itself, and what it
 * takes to look at numbers is slow. And with ids that graphql-ws can tell apart. It takes no messages while their client
 * does not read the answers, which would pile up here; of such a client no pong is heard either, so that it is cut off.
 */
export class ExactSocket extends WebSocket {
  readonly #turns = createOperationTurns(async (message) => {
    // What has waited until then is nobody's any more: that its credentials end would not be seen.
    if (this.readyState === WebSocket.CLOSED) return;
    const listeners = this.listeners('message');
    // What goes wrong there is seen to there, and is not for others that wait for their turn.
    await Promise.allSettled(listeners.map((listener) => listener.call(this, message)));
  });
  #connection: Duplex | null = null;
  #unsent = 0;

  /** Names the connection below, once it is open. */
  over(connection: Duplex): void {
    this.#connection = connection;
    connection.on('drain', () => this.#pace());
  }

  override emit(event: string | symbol, ...told: unknown[]): boolean {
    if (event !== 'message') return super.emit(event, ...told);
    const isTaken = this.#turns.take(markedText(String(told[0])));
    if (!isTaken) this.close(CloseCode.BadRequest, `An id has at most ${LONGEST_ID} characters`);
    return true;
  }

  /** Says that the server ends the operation of an id. */
  leave(id: string): void {
    this.#turns.leave(id);
  }

  /** Whether an operation is to be refused, as those under way hold too much. */
  refuses(id: string): boolean {
    return this.#turns.isRefused(id);
  }

  override send(data: Data, options: SendOptions | Sent = {}, told?: Sent): void {
    const [how, tell] = typeof options === 'function' ? [{}, options] : [options, told];
    this.#unsent += 1;
    // That it has failed the socket tells by itself; graphql-ws would print it as a bug, for each answer that waited.
    super.send(data, how, () => {
      this.#unsent -= 1;
      this.#pace();
      tell?.();
    });
    this.#pace();
  }

  /** Ends the connection; what is too long for a frame that closes is cut: the reason may name an id of the client. */
  override close(code?: number, reason: string | Buffer = ''): void {
    const { read } = new TextEncoder().encodeInto(String(reason), new Uint8Array(LONGEST_REASON));
    super.close(code, String(reason).slice(0, read));
  }

  #pace() {
    const bytes = this.#connection?.writableLength ?? 0;
    // One answer, however long, is no pile: its client may be reading it.
    const isBehind = (bytes > MOST_BYTES && this.#unsent > 1) || this.#unsent > MOST_ANSWERS;
    if (isBehind === this.isPaused) return;
    if (isBehind) this.pause();
    else this.resume();
  }
}

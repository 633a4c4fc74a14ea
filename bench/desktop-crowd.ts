import { each } from './lanes.ts';
import { answerCalls } from './rpc.ts';

/** Desktops that are being opened at once. */
const AT_ONCE = 20;

interface Message {
  readonly channel: string;
  readonly clientId?: string;
  readonly successful?: boolean;
}

/** Polls whose connection was closed at the moment at which they set out; a browser sends such ones again, too. */
let broken = 0;
let received = 0;
let wanted: { total: number; reached: () => void } | undefined;

/** A desktop by the letter of Bayeux: it asks again and again, for ever. */
class Desktop {
  readonly #server: string;
  readonly #headers: Record<string, string>;
  #clientId = '';

  constructor(server: string, token: string) {
    this.#server = server;
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  async open(): Promise<void> {
    const [reply] = await this.#send({ channel: '/meta/handshake', version: '1.0' });
    this.#clientId = reply?.clientId ?? '';
    await this.#send({ channel: '/meta/subscribe', subscription: '/v2/me/calls' });
    void this.#poll();
  }

  async #poll(): Promise<void> {
    for (;;) {
      const messages = await this.#send({
        channel: '/meta/connect',
        connectionType: 'long-polling',
      });
      if (!messages.some(({ successful }) => successful)) throw new Error('A session has ended.');
      received += messages.filter(({ channel }) => channel === '/v2/me/calls').length;
      if (wanted && received >= wanted.total) wanted.reached();
    }
  }

  async #send(message: object): Promise<Message[]> {
    const response = await this.#post(message).catch(() => {
      broken += 1;
      return this.#post(message);
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie) this.#headers['cookie'] = cookie;
    return (await response.json()) as Message[];
  }

  #post(message: object): Promise<Response> {
    return fetch(`${this.#server}/api/v2/notifications`, {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify([{ clientId: this.#clientId, ...message }]),
    });
  }
}

const handlers = {
  /** Resolves when all of them are subscribed. */
  open: (server: string, tokens: readonly string[]) =>
    each(tokens.entries(), AT_ONCE, ([, token]) => new Desktop(server, token).open()),
  /** How many requests were sent again. */
  broken: async () => broken,
  /** Resolves when so many messages have come in all. */
  reached: async (total: number) => {
    if (received >= total) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    wanted = { total, reached: resolve };
    await promise;
  },
};

/** What a crowd of desktops in a process of its own can be asked. */
export type DesktopCrowd = typeof handlers;

answerCalls(handlers);
process.on('disconnect', () => process.exit());

/** A message as a server sends it. */
export interface Message {
  readonly channel: string;
  readonly successful?: boolean;
  readonly error?: string;
  readonly clientId?: string;
  // Whatever a test expects of it.
  readonly data?: Notification;
  readonly ext?: { readonly replay?: string; readonly refusal?: string; readonly ack?: number };
  readonly advice?: { readonly reconnect?: string; readonly interval?: number };
}

/** What is delivered on `/v2/me/calls`, as far as tests look. */
export interface Notification {
  readonly messageType: string;
  readonly notificationType?: string;
  readonly phoneNumber?: string;
  readonly devices?: readonly { readonly phoneNumber: string }[];
  readonly call: {
    readonly id: string;
    readonly state: string;
    readonly capabilities: readonly string[];
    readonly dnis?: string;
    readonly userData?: object;
  };
}

/** Basic credentials of somebody of the demo. */
export const basic = (username: string) => `Basic ${btoa(`${username}:demo`)}`;

/** What a script element has called. */
const CALLBACK = 'callback';

/** A desktop by the letter of Bayeux, without a library between the test and the wire. */
export class Desktop {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #session: string;
  #cookie = '';
  #clientId = '';
  #polls = 0;
  #isForgetful = false;
  #isScript = false;
  /** What was delivered, in order. */
  readonly received: Message[] = [];
  /** The last position that came. */
  replay: string | undefined;

  /**
   * @param session the cookie of one, in place of Basic
   * @param headers what else is sent, or otherwise
   */
  constructor(url: string, username: string, session = '', headers: Record<string, string> = {}) {
    this.#url = url;
    this.#session = session;
    const basics = { ...(session === '' && { authorization: basic(username) }) };
    this.#headers = { ...basics, 'content-type': 'application/json', ...headers };
  }

  /** Sends messages, and gives the replies to them. */
  async send(...messages: object[]): Promise<Message[]> {
    const cookie = [this.#session, this.#cookie].filter(Boolean).join('; ');
    const body = JSON.stringify(messages.map((one) => ({ clientId: this.#clientId, ...one })));
    const query = `?${new URLSearchParams({ message: body, jsonp: CALLBACK })}`;
    const response = await fetch(
      `${this.#url}/api/v2/notifications${this.#isScript ? query : ''}`,
      {
        headers: { ...this.#headers, ...(cookie && { cookie }) },
        ...(!this.#isScript && { method: 'POST', body }),
      },
    );
    const [set] = this.#isForgetful ? [] : response.headers.getSetCookie();
    this.#cookie = set?.split(';')[0] ?? this.#cookie;
    // Who has no session any more gets no array.
    const text = (await response.text()).replace(/^\/\*\*\/callback\((.*)\)$/, '$1');
    const answers = [JSON.parse(text)].flat() as Message[];
    for (const { ext } of answers) this.replay = ext?.replay ?? this.replay;
    this.received.push(...answers.filter(({ data }) => data !== undefined));
    return answers.filter(({ data }) => data === undefined);
  }

  /** What the server calls its session; empty before it has one. */
  get clientId(): string {
    return this.#clientId;
  }

  /** The same session in somebody else's hands. */
  as(username: string): Desktop {
    const other = new Desktop(this.#url, username);
    other.#cookie = this.#cookie;
    other.#clientId = this.#clientId;
    return other;
  }

  /** Keeps no cookies from now on. */
  forgetful(): void {
    this.#isForgetful = true;
    this.#cookie = '';
  }

  /** Asks by script elements from now on. */
  byScript(): void {
    this.#isScript = true;
  }

  async handshake(ext: object = {}): Promise<Message | undefined> {
    const rest = { version: '1.0', supportedConnectionTypes: ['long-polling'], ext };
    const [reply] = await this.send({ channel: '/meta/handshake', ...rest });
    this.#clientId = reply?.clientId ?? '';
    return reply;
  }

  subscribe(...subscription: string[]): Promise<Message[]> {
    return this.send({ channel: '/meta/subscribe', subscription });
  }

  /** Waits for what comes next. */
  async connect(advice: object = {}, ext: object = {}): Promise<Message | undefined> {
    const connectionType = this.#isScript ? 'callback-polling' : 'long-polling';
    this.#polls += 1;
    const poll = { channel: '/meta/connect', id: `poll-${this.#polls}`, connectionType };
    const [reply] = await this.send({ ...poll, advice, ext });
    return reply;
  }

  /** Asks again and again, until something that was delivered is so. */
  async until(isSo: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.received.find(isSo);
      if (found) return found;
      await this.connect({ timeout: 2000 });
    }
  }
}

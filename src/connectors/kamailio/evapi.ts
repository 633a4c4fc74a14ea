import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { SwitchError } from '../connector.ts';
import { NetstringDecoder, netstring } from './netstrings.ts';

/** A list of some ten thousand calls. */
const LONGEST_ANSWER = 32 * 1024 * 1024;
/** Kamailio closes the connection when a request does not fit its buffer of 32 kB. */
const LONGEST_REQUEST = 32_000;

const ANSWER = z.object({
  re: z.string(),
  epoch: z.string(),
  code: z.number(),
  body: z.unknown().optional(),
});

/** What Kamailio tells of itself has no such key. */
const IS_ANSWER = z.object({ re: z.unknown() });

/** Less than whoever opens a link waits: else one that never answers would leave its connection behind. */
const OPEN_MS = 4_000;

/** What Kamailio answers; `epoch` names its run, and is empty while it is starting. */
export type EvapiAnswer = z.infer<typeof ANSWER>;

/** A connection to Kamailio's evapi: what it tells, and answers to what it is asked. */
export interface Evapi extends AsyncDisposable {
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
  /**
   * One answer at a time, in the order of the questions. LINK_DOWN when not asked, TIMEOUT when not answered before
   * the end, which comes when nothing is answered in the first 4 s.
   */
  ask(request: Readonly<Record<string, unknown>>): Promise<EvapiAnswer>;
}

interface Question extends PromiseWithResolvers<EvapiAnswer> {
  readonly id: string;
  readonly frame: Buffer;
}

/** Connects; rejects with LINK_DOWN. What is not an answer goes to `onTold`. */
export async function openEvapi(
  address: { readonly host: string; readonly port: number },
  onTold: (message: unknown) => void,
): Promise<Evapi> {
  const socket = connect({ ...address, noDelay: true, keepAlive: true });
  socket.setTimeout(OPEN_MS, () => socket.destroy(new Error('it does not answer')));
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw new SwitchError('LINK_DOWN', `Kamailio cannot be reached: ${wordsOf(error)}`);
  }
  return new Connection(socket, onTold);
}

class Connection implements Evapi {
  readonly closed: Promise<string>;
  readonly #socket: Socket;
  readonly #onTold: (message: unknown) => void;
  readonly #decoder = new NetstringDecoder(LONGEST_ANSWER);
  /** The first has been sent: Kamailio loses a frame whose length is cut in two by the end of its buffer. */
  readonly #questions: Question[] = [];
  #lastId = 0;
  #isOver = false;

  constructor(socket: Socket, onTold: (message: unknown) => void) {
    this.#socket = socket;
    this.#onTold = onTold;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    let reason = 'Kamailio closed the connection.';
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('close', () => {
      this.#end();
      resolve(reason);
    });
  }

  ask(request: Readonly<Record<string, unknown>>): Promise<EvapiAnswer> {
    const id = String(++this.#lastId);
    const question = {
      ...Promise.withResolvers<EvapiAnswer>(),
      id,
      frame: netstring(JSON.stringify({ id, ...request })),
    };
    if (question.frame.length > LONGEST_REQUEST) {
      question.reject(new SwitchError('INVALID_ARGUMENT', 'That is too long for Kamailio.'));
    } else if (this.#isOver) {
      question.reject(new SwitchError('LINK_DOWN', 'The link to Kamailio is closed.'));
    } else {
      this.#questions.push(question);
      if (this.#questions.length === 1) this.#socket.write(question.frame);
    }
    return question.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    this.#socket.destroy();
    await this.closed;
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    try {
      for (const text of this.#decoder.push(chunk)) this.#hear(JSON.parse(text));
    } catch (error) {
      this.#socket.destroy(new Error(`Kamailio is not understood: ${wordsOf(error)}`));
      return;
    }
    // Its next small message would wait up to 40 ms for the acknowledgement that goes with this.
    if (!this.#isOver) this.#socket.write('\n');
  }

  #hear(message: unknown): void {
    if (!IS_ANSWER.safeParse(message).success) {
      this.#onTold(message);
      return;
    }
    const answer = ANSWER.parse(message);
    const [question] = this.#questions;
    if (question?.id !== answer.re) throw new Error('an answer to nothing that was asked');
    this.#questions.shift();
    question.resolve(answer);
    this.#socket.setTimeout(0);
    const next = this.#questions[0];
    if (next) this.#socket.write(next.frame);
  }

  #end(): void {
    this.#isOver = true;
    const [sent, ...waiting] = this.#questions.splice(0);
    sent?.reject(new SwitchError('TIMEOUT', 'The link to Kamailio went before its answer.'));
    const down = new SwitchError('LINK_DOWN', 'The link to Kamailio is closed.');
    for (const question of waiting) question.reject(down);
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

import { bearer, type WireError } from './ask.ts';
import type { TestTandem } from './tandem.ts';

/** A subscription over server-sent events, message by message. */
export interface SseStream extends AsyncDisposable {
  /** The data of the next message. */
  next(): Promise<Record<string, unknown>>;
  /** Awaits a refusal. */
  errors(): Promise<readonly WireError[]>;
  /** Reads until the server ends the stream: it says that this is all, or cuts it off in the midst. */
  ended(): Promise<'COMPLETE' | 'CUT'>;
}

interface Result {
  readonly data?: Record<string, unknown>;
  readonly errors?: readonly WireError[];
}

/** Subscribes by POST as alice, unless the headers say otherwise; disposing leaves. */
export function followBySse(
  { url }: Pick<TestTandem, 'url'>,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
): SseStream {
  const leaving = new AbortController();
  const response = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...bearer('alice'),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const results = read(response);
  const next = async (): Promise<Result> => {
    const { value, done } = await results.next();
    if (done) throw new Error('The stream has ended.');
    return value;
  };
  return {
    next: async () => {
      const { data, errors } = await next();
      if (!data || errors) throw new Error(`Refused: ${JSON.stringify(errors)}`);
      return data;
    },
    errors: async () => (await next()).errors ?? [],
    ended: async () => {
      try {
        while (!(await results.next()).done);
        return 'COMPLETE';
      } catch {
        return 'CUT';
      }
    },
    [Symbol.asyncDispose]: async () => leaving.abort(),
  };
}

async function* read(response: Promise<Response>): AsyncGenerator<Result, void> {
  const { body } = await response;
  let rest = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = `${rest}${chunk}`.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^event: next\ndata: (.*)$/s.exec(event) ?? [];
      if (data) yield JSON.parse(data) as Result; // what GraphQL over SSE says
    }
  }
}

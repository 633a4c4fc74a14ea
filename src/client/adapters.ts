import type { Sink, Subscribe } from './options.ts';

/** What is subscribed to: a document with the variable `$after: Position`, and its other variables. */
export interface Request<Document> {
  readonly query: Document;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** As much of a graphql-ws client as says that its socket was closed. */
export interface ClosingSocket {
  on(event: 'closed', listener: (event: unknown) => void): () => void;
}

/** As much of a graphql-ws client as is needed. */
export interface GraphqlWsClient extends ClosingSocket {
  subscribe(payload: { query: string; variables: Record<string, unknown> }, sink: Sink): () => void;
}

/** As much of an Apollo Client as is needed. */
export interface ApolloLike<Document> {
  subscribe(options: {
    query: Document;
    variables: Record<string, unknown>;
    fetchPolicy: 'no-cache';
  }): { subscribe(observer: Sink): { unsubscribe(): void } };
}

/** What a wonka source tells: its end, how to talk back to it (tag 0), or a value (tag 1). */
type Signal = 0 | { readonly tag: number; readonly 0: unknown };

/** As much of an urql client as is needed. */
export interface UrqlLike<Document> {
  subscription(
    query: Document,
    variables: Record<string, unknown>,
  ): (listener: (signal: unknown) => void) => void;
}

/** Subscribes by graphql-ws. */
export const overGraphqlWs = (client: GraphqlWsClient, request: Request<string>): Subscribe =>
  leavingClosed(client, ({ after }, sink) =>
    client.subscribe({ query: request.query, variables: { ...request.variables, after } }, sink),
  );

/**
 * Subscribes by Apollo Client, past its cache. `socket`: the graphql-ws client below, if it has no `retryAttempts: 0`.
 */
export const overApollo = <Document>(
  client: ApolloLike<Document>,
  request: Request<Document>,
  socket?: ClosingSocket,
): Subscribe =>
  leavingClosed(socket, ({ after }, sink) => {
    const variables = { ...request.variables, after };
    const options = { query: request.query, variables, fetchPolicy: 'no-cache' as const };
    const subscription = client.subscribe(options).subscribe(sink);
    return () => subscription.unsubscribe();
  });

/** Subscribes by urql. `socket`: the graphql-ws client below, if it has no `retryAttempts: 0`. */
export const overUrql = <Document>(
  client: UrqlLike<Document>,
  request: Request<Document>,
  socket?: ClosingSocket,
): Subscribe =>
  leavingClosed(socket, ({ after }, sink) => {
    const source = client.subscription(request.query, { ...request.variables, after });
    return drain(source, sink);
  });

const PULL = 0;
const CLOSE = 1;

/** Takes all that a wonka source gives, and hears of its end, of which its own `subscribe` does not tell. */
function drain(source: (listener: (signal: unknown) => void) => void, sink: Sink): () => void {
  let isOver = false;
  let talkBack: (kind: number) => void = () => {};
  source((given) => {
    if (isOver) return;
    const signal = given as Signal; // so wonka's protocol says
    if (signal === 0) {
      isOver = true;
      return sink.complete();
    }
    if (signal.tag === 0) talkBack = signal[0] as typeof talkBack;
    else sink.next(signal[0]);
    if (!isOver) talkBack(PULL);
  });
  return () => {
    if (isOver) return;
    isOver = true;
    talkBack(CLOSE);
  };
}

/**
 * graphql-ws opens a closed socket again by itself and sends what it sent before, an `after` of long ago or none: so
 * the subscription is left when its socket is closed. Until its first message there is nothing to repeat.
 */
function leavingClosed(socket: ClosingSocket | undefined, subscribe: Subscribe): Subscribe {
  if (!socket) return subscribe;
  return (variables, sink) => {
    let forget: (() => void) | undefined;
    const leave = subscribe(variables, {
      next(result) {
        forget ??= socket.on('closed', (event) => sink.error(event));
        sink.next(result);
      },
      error: (error) => sink.error(error),
      complete: () => sink.complete(),
    });
    return () => {
      forget?.();
      leave();
    };
  };
}

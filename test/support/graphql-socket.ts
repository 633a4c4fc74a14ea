import { once } from 'node:events';
import WebSocket from 'ws';
import { bearer } from './ask.ts';
import { socketUrl } from './follow.ts';

/** What a server says over graphql-ws. */
export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: { readonly data: Record<string, Record<string, unknown>> };
}

/** A client that speaks graphql-ws by itself, and chooses its ids. */
export async function openGraphqlSocket(where: { readonly url: string }) {
  const socket = new WebSocket(socketUrl(where), 'graphql-transport-ws');
  const got: Message[] = [];
  socket.on('message', (data) => got.push(JSON.parse(data.toString())));
  const send = (message: object) => socket.send(JSON.stringify(message));
  await once(socket, 'open');
  send({ type: 'connection_init', payload: bearer('alice') });
  await once(socket, 'message');
  const until = async (isThere: (message: Message) => boolean) => {
    while (!got.some(isThere)) await once(socket, 'message');
  };
  return {
    ...{ socket, got, until, send },
    subscribe: (id: string, query: string, more: object = {}) =>
      send({ id, type: 'subscribe', payload: { query, ...more } }),
    complete: (id: string) => send({ id, type: 'complete' }),
    [Symbol.asyncDispose]: async () => socket.terminate(),
  };
}

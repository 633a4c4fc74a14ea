import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import type { FakeChannel } from './channels.ts';
import type { FakeAsterisk } from './fake-asterisk.ts';

/** ARI of a fake Asterisk: HTTP and WebSocket on one port. */
export interface FakeAri extends AsyncDisposable {
  readonly port: number;
  /** Resolves when all that was told has been taken by whoever listens. */
  heard(): Promise<void>;
  /** The queries of new calls. */
  readonly originated: readonly URLSearchParams[];
  /** Sends any text to whoever listens. */
  say(text: string): void;
  /** Breaks the WebSockets. */
  cut(): void;
}

type Answer = readonly [status: number, body?: unknown];
type Route = (channel: FakeChannel, query: URLSearchParams, body: Body) => Answer;
interface Body {
  readonly variables?: Record<string, string>;
  readonly variable?: string;
  readonly value?: string;
}

const NO_CONTENT: Answer = [204];
const NOT_FOUND: Answer = [404, { message: 'Channel not found' }];

/** Starts it; `password` is the one it takes. */
export async function startFakeAri(asterisk: FakeAsterisk, password: string): Promise<FakeAri> {
  const expected = `Basic ${Buffer.from(`tandem:${password}`).toString('base64')}`;
  const originated: URLSearchParams[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  let current: WebSocket | null = null;
  const refusal = (request: IncomingMessage): Answer | null =>
    request.headers.authorization === expected
      ? null
      : [401, { message: 'Authentication required' }];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const path = url.pathname.replace('/ari/', '');
    const content = await text(request);
    if (request.method !== 'GET' && asterisk.faults.has('timeout')) return;
    if (asterisk.faults.has('unreachable')) {
      request.socket.destroy();
      return;
    }
    if (path === 'channels' && request.method === 'POST') originated.push(url.searchParams);
    const body = content ? JSON.parse(content) : {};
    const routed = { method: request.method ?? '', path, query: url.searchParams, body };
    const [status, answer] = refusal(request) ?? answerTo(asterisk, routed);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  });
  server.on('upgrade', (request, socket, head) => {
    // Whoever is refused may break off before it has read why.
    socket.on('error', () => {});
    const { searchParams } = new URL(request.url ?? '/', 'http://fake');
    const isWhole = searchParams.get('app') && searchParams.get('subscribeAll') === 'true';
    if (asterisk.faults.has('unreachable')) socket.destroy();
    else if (refusal(request)) socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    else if (!isWhole) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    else {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        current?.send(JSON.stringify({ type: 'ApplicationReplaced', application: 'tandem' }));
        current = opened;
      });
    }
  });
  asterisk.listener = (event) => current?.send(JSON.stringify(event));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    originated,
    say: (message) => current?.send(message),
    async heard() {
      const socket = current;
      if (socket?.readyState !== 1) return;
      await new Promise((resolve) => {
        socket.once('pong', resolve);
        socket.once('close', resolve);
        socket.ping();
      });
    },
    cut() {
      for (const socket of sockets.clients) socket.terminate();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Routed {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Body;
}

function answerTo(asterisk: FakeAsterisk, { method, path, query, body }: Routed): Answer {
  const [noun, id = '', verb = ''] = path.split('/').map(decodeURIComponent);
  if (path === 'asterisk/info') return [200, { status: { startup_time: asterisk.startupTime } }];
  if (path === 'asterisk/variable') return [200, { value: contextOf(query.get('variable') ?? '') }];
  if (noun !== 'channels') return [404, { message: 'Resource not found' }];
  if (id === '' && method === 'POST') return originate(asterisk, query, body);
  if (id === '') return [200, [...asterisk.channels.values()].map((each) => asterisk.json(each))];
  const channel = asterisk.channels.get(id);
  if (!channel) return NOT_FOUND;
  if (verb === '' && method === 'DELETE') {
    asterisk.softHangup(id, Number(query.get('reason_code')));
    return NO_CONTENT;
  }
  if (!channel.inStasis) return [409, { message: 'Channel not in Stasis application' }];
  return ROUTES[`${method} ${verb}`]?.(asterisk)(channel, query, body) ?? [405];
}

const ROUTES: Readonly<Record<string, (asterisk: FakeAsterisk) => Route>> = {
  'POST answer': (asterisk) => (channel) => {
    if (channel.state !== 'Ring') return [412, { message: 'Channel in invalid state' }];
    asterisk.change(channel, 'Up');
    return NO_CONTENT;
  },
  'POST variable':
    (asterisk) =>
    (channel, _query, { variable, value }) => {
      if (!variable) return [400, { message: 'Variable name is required' }];
      asterisk.setVariable(channel, variable, value ?? '');
      return NO_CONTENT;
    },
  'POST dtmf': () => (channel, query) => {
    channel.digits += query.get('dtmf') ?? '';
    return NO_CONTENT;
  },
  'POST hold': () => (channel) => {
    channel.hasMusic = true;
    return NO_CONTENT;
  },
  'DELETE hold': () => (channel) => {
    channel.hasMusic = false;
    return NO_CONTENT;
  },
};

function originate(asterisk: FakeAsterisk, query: URLSearchParams, body: Body): Answer {
  const endpoint = /^PJSIP\/(.+)$/.exec(query.get('endpoint') ?? '')?.[1];
  const id = query.get('channelId') ?? '';
  if (!query.get('app') && !query.get('extension')) {
    return [400, { message: 'Application or extension must be specified' }];
  }
  if (!endpoint || endpoint === '404') return [500, { message: 'Allocation failed' }];
  if (asterisk.channels.has(id)) {
    return [409, { message: 'Channel with given unique ID already exists' }];
  }
  const channel = asterisk.add({ endpoint, id });
  channel.number = query.get('callerId') ?? '';
  asterisk.emit('ChannelCallerId', channel, { caller_presentation: 0 });
  for (const [name, value] of Object.entries(body.variables ?? {})) {
    asterisk.setVariable(channel, name, value);
  }
  asterisk.emitDial(channel, '');
  asterisk.change(channel, 'Ringing');
  return [200, asterisk.json(channel)];
}

const contextOf = (variable: string) =>
  /^PJSIP_ENDPOINT\([^,]+,context\)$/.test(variable) ? 'phones' : '';

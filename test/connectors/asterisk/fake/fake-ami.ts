import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { FakeChannel } from './channels.ts';
import type { FakeAsterisk } from './fake-asterisk.ts';

/** AMI of a fake Asterisk. */
export interface FakeAmi extends AsyncDisposable {
  readonly port: number;
  /** The names of the actions that came. */
  readonly actions: readonly string[];
  /** Breaks the connections. */
  cut(): void;
}

type Fields = Readonly<Record<string, string>>;
type Answer = readonly ['Success' | 'Error', string];

/** Starts it; `secret` is the one it takes, `tls` its certificate and key when it is encrypted. */
export async function startFakeAmi(
  asterisk: FakeAsterisk,
  secret: string,
  tls?: TlsOptions,
): Promise<FakeAmi> {
  const actions: string[] = [];
  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    void talk({ asterisk, secret, actions, socket });
  };
  const server = tls ? createTlsServer(tls, take) : createServer(take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    actions,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Session {
  readonly asterisk: FakeAsterisk;
  readonly secret: string;
  readonly actions: string[];
  readonly socket: Socket;
}

async function talk({ asterisk, secret, actions, socket }: Session): Promise<void> {
  if (asterisk.faults.has('unreachable')) {
    socket.destroy();
    return;
  }
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  for await (const fields of messages(socket)) {
    const { action = '', actionid } = fields;
    actions.push(action);
    if (asterisk.faults.has('timeout') && action !== 'Ping') continue;
    const [response, message] = answerTo(asterisk, fields, secret);
    socket.write(`Response: ${response}\r\nActionID: ${actionid}\r\nMessage: ${message}\r\n\r\n`);
    if (action !== 'Login') continue;
    if (response === 'Error') socket.end();
    else
      socket.write('Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n');
  }
}

async function* messages(socket: Socket): AsyncGenerator<Fields> {
  let fields: Record<string, string> = {};
  for await (const line of createInterface({
    input: socket,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const [, name, value] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields[name.toLowerCase()] = value ?? '';
    if (line !== '') continue;
    yield fields;
    fields = {};
  }
}

function answerTo(asterisk: FakeAsterisk, fields: Fields, secret: string): Answer {
  const { action = '', channel: name } = fields;
  if (action === 'Login') {
    const isRight = fields['username'] === 'tandem' && fields['secret'] === secret;
    return isRight ? ['Success', 'Authentication accepted'] : ['Error', 'Authentication failed'];
  }
  if (action === 'Ping') return ['Success', 'Pong'];
  if (action === 'Originate') return originate(asterisk, fields);
  const channel = [...asterisk.channels.values()].find((each) => each.name === name);
  if (!channel) return ['Error', 'No such channel'];
  return ACTIONS[action]?.(asterisk, channel, fields) ?? ['Error', 'Invalid/unknown command'];
}

/** Async: it is said to be queued, and the phone rings. */
function originate(asterisk: FakeAsterisk, fields: Fields): Answer {
  const { channel = '', channelid: id = '', application = '', data = '' } = fields;
  const [, endpoint] = /^PJSIP\/(.+)$/.exec(channel) ?? [];
  if (!endpoint || application !== 'ChanSpy') return ['Error', 'Originate failed'];
  const phone = asterisk.add({ id, endpoint, number: endpoint, spies: data });
  asterisk.change(phone, 'Ringing');
  return ['Success', 'Originate successfully queued'];
}

type Action = (asterisk: FakeAsterisk, channel: FakeChannel, fields: Fields) => Answer;

const ACTIONS: Readonly<Record<string, Action>> = {
  Setvar(asterisk, channel, { variable = '', value = '' }) {
    asterisk.setVariable(channel, variable, value);
    return ['Success', 'Variable Set'];
  },
  PlayDTMF(_asterisk, channel, { digit = '' }) {
    channel.digits += digit;
    return ['Success', 'DTMF successfully queued'];
  },
  BlindTransfer(asterisk, channel, { context = '', exten = '' }) {
    if (context === '' || exten === '') return ['Error', 'No extension specified'];
    return asterisk.blindTransfer(channel, exten)
      ? ['Success', 'Transfer succeeded']
      : ['Error', 'Transfer invalid'];
  },
  Redirect(asterisk, channel, { context = '', exten = '', priority = '' }) {
    if (context === '' || exten === '' || priority === '') return ['Error', 'Missing parameters'];
    asterisk.redirect(channel, exten);
    return ['Success', 'Redirect successful'];
  },
  MixMonitor(_asterisk, channel, { file = '' }) {
    channel.recording = { file, isMuted: false };
    return ['Success', 'MixMonitor started'];
  },
  MixMonitorMute(_asterisk, channel, { state = '' }) {
    if (!channel.recording) return ['Error', 'Cannot set mute flag'];
    channel.recording.isMuted = state === '1';
    return ['Success', 'Mute set'];
  },
  StopMixMonitor(_asterisk, channel) {
    if (!channel.recording) return ['Error', 'Could not stop monitoring channel'];
    channel.recording = null;
    return ['Success', 'MixMonitor stopped'];
  },
  PJSIPNotify(asterisk, channel, { variable = '' }) {
    asterisk.notifyPhone(channel, variable.replace('Event=', ''));
    return ['Success', 'NOTIFY sent'];
  },
};

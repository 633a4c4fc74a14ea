import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import { SwitchError } from '../connector.ts';
import { type AmiMessage, AmiParser } from './ami-parser.ts';
import type { AsteriskSettings, Credentials } from './settings.ts';

const LOGIN_MS = 5_000;
/** Asterisk drops a line that is longer, with all that was to be done by it. */
const LONGEST_LINE = 1_000;

/** What an action says, in the order of its lines. */
export type AmiFields = readonly (readonly [name: string, value: string])[];

/** One connection to AMI that is logged in. */
export interface AmiClient {
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
  /** Does an action and gives its answer, be it a yes or a no. */
  action(name: string, fields: AmiFields): Promise<AmiMessage>;
  close(): void;
}

/** Connects and logs in; rejects with the reason. */
export async function openAmi({ user, secret, ...where }: AsteriskSettings['ami']) {
  const socket = connectTo(where);
  socket.setTimeout(LOGIN_MS, () => socket.destroy(new Error('it does not answer')));
  const client = clientOf(socket);
  const gone = client.closed.then((reason) => {
    throw new SwitchError('LINK_DOWN', `AMI: ${reason}`);
  });
  // Later than the login it is nobody's refusal any more.
  gone.catch(() => {});
  const login = client.action('Login', [
    ['Username', user],
    ['Secret', secret],
    ['Events', 'off'],
  ]);
  // Why the connection went says more than that the answer is missing.
  const answer = await Promise.race([login.catch(() => gone), gone]).catch((error) => {
    client.close();
    throw error;
  });
  if (!isSuccess(answer)) {
    client.close();
    throw new SwitchError('SWITCH_ERROR', `AMI refuses the user or the secret: ${textOf(answer)}`);
  }
  socket.setTimeout(0);
  return client;
}

function connectTo({ host, port, tls }: Omit<AsteriskSettings['ami'], keyof Credentials>): Socket {
  const socket = tls
    ? // A certificate is of a name; an address has none to ask for.
      connectByTls({ host, port, ...(isIP(host) === 0 && { servername: host }) })
    : connect({ host, port });
  return socket.setKeepAlive(true).setNoDelay(true);
}

/** Whether Asterisk says that it did it. */
export const isSuccess = (answer: AmiMessage) => answer.get('response') === 'Success';

/** What Asterisk says about it. */
export const textOf = (answer: AmiMessage) => answer.get('message') ?? 'no reason given';

function clientOf(socket: Socket): AmiClient {
  const parser = new AmiParser();
  const waiting = new Map<string, PromiseWithResolvers<AmiMessage>>();
  let lastId = 0;
  let isOpen = true;
  const closed = endOf(socket).then((reason) => {
    isOpen = false;
    const unknown = new SwitchError('TIMEOUT', 'The connection to AMI broke before the answer');
    for (const { reject } of waiting.values()) reject(unknown);
    return reason;
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of parser.push(chunk)) {
        const id = message.get('response') === undefined ? undefined : message.get('actionid');
        if (id === undefined) continue;
        waiting.get(id)?.resolve(message);
        waiting.delete(id);
      }
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  return {
    closed,
    async action(name, fields) {
      if (!isOpen) throw new SwitchError('LINK_DOWN', 'The connection to AMI is closed');
      const id = String(++lastId);
      const text = textOfAction([['Action', name], ['ActionID', id], ...fields]);
      const answer = Promise.withResolvers<AmiMessage>();
      waiting.set(id, answer);
      socket.write(text);
      return answer.promise;
    },
    close: () => socket.destroy(),
  };
}

/** The reason for which the socket closed; never rejects. */
async function endOf(socket: Socket): Promise<string> {
  try {
    await once(socket, 'close');
    return 'Asterisk closed the connection';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function textOfAction(fields: AmiFields): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  if (lines.some((line) => /[\r\n\0]/.test(line))) {
    throw new SwitchError('INVALID_ARGUMENT', 'AMI takes no text of several lines');
  }
  if (lines.some((line) => Buffer.byteLength(line) > LONGEST_LINE)) {
    throw new SwitchError('INVALID_ARGUMENT', `AMI takes ${LONGEST_LINE} bytes a line at most`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** An INVITE, where it is to be other than a plain one. Texts go out in Latin-1, letter by byte. */
export interface Invite {
  /** The From header without its tag. */
  readonly from?: string;
  readonly to?: string;
  readonly tag?: string;
  readonly callId?: string;
  readonly headers?: readonly string[];
}

/** Two phones that say what SIPp does not let a test say. The one that is called rings for ever, unless it says another thing. */
export interface RawPhones extends AsyncDisposable {
  /** What the callee says to an INVITE. */
  says: string;
  call(invite?: Invite): void;
  /** The method of each request that the callee has got, as they came. */
  readonly got: readonly string[];
  /** The status of each response that the caller has got, as they came; it acknowledges none. */
  readonly told: readonly number[];
}

/** Plugs them in: one calls through a switch, the other waits at a port. */
export async function openRawPhones(switchPort: number, calleePort: number): Promise<RawPhones> {
  await using stack = new AsyncDisposableStack();
  const caller = stack.adopt(await boundTo(0), closed);
  const callee = stack.adopt(await boundTo(calleePort), closed);
  const got: string[] = [];
  const told: number[] = [];
  let calls = 0;
  callee.on('message', (message, { port, address }) => {
    const text = message.toString('latin1');
    got.push(text.slice(0, text.indexOf(' ')));
    if (text.startsWith('INVITE')) callee.send(answerTo(text, phones.says), port, address);
  });
  caller.on('message', (message) => {
    const [, status] = /^SIP\/2\.0 (\d{3})/.exec(message.toString('latin1')) ?? [];
    if (status) told.push(Number(status));
  });
  const held = stack.move();
  const phones: RawPhones = {
    ...{ says: '180 Ringing', got, told },
    call(invite = {}) {
      calls += 1;
      const { port } = caller.address();
      const { from = '<sip:40722000111@127.0.0.1>', to = '0003*210', headers = [] } = invite;
      const { tag = `t${calls}`, callId = `call-${calls}` } = invite;
      const lines = [
        `INVITE sip:${to}@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${calls}`,
        `From: ${from};tag=${tag}`,
        `To: <sip:${to}@127.0.0.1>`,
        `Call-ID: ${callId}`,
        'CSeq: 1 INVITE',
        `Contact: <sip:phone@127.0.0.1:${port}>`,
        'Max-Forwards: 70',
        ...headers,
        'Content-Length: 0',
      ];
      caller.send(asBytes(lines), switchPort, '127.0.0.1');
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
  return phones;
}

async function boundTo(port: number): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  const over = once(socket, 'close');
  socket.close();
  await over;
}

function answerTo(invite: string, status: string): Buffer {
  const lines = invite.split('\r\n');
  const copied = lines.filter((line) => /^(Via|Record-Route|From|Call-ID|CSeq):/i.test(line));
  const to = lines.find((line) => /^To:/i.test(line));
  return asBytes([`SIP/2.0 ${status}`, ...copied, `${to};tag=callee`, 'Content-Length: 0']);
}

const asBytes = (lines: readonly string[]) =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');

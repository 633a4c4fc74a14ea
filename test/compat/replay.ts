import { once } from 'node:events';
import { connect } from 'node:net';

/** A documented exchange: what is sent, and what must come back. */
export interface Exchange {
  /** The request, byte for byte. */
  readonly request: Buffer;
  readonly response: RawResponse;
}

/** A response as it came over the wire, its body put together again. */
export interface RawResponse {
  readonly status: number;
  /** As they are spelled. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The texts of a `.http` file's exchanges, in order: lines of `###` stand between them. */
export const textsOf = (text: string): string[] => text.split(/^###.*\n/m);

/** The exchanges of a `.http` file, in order. */
export const exchangesOf = (text: string): Exchange[] => textsOf(text).map(parseExchange);

/**
 * Reads `#` comments, a request, a line of `---` and a response. Lines of a head end in CRLF on the wire, and
 * a body that comes without its length gets one; everything else is sent as it is written.
 */
export function parseExchange(text: string): Exchange {
  const [request = '', response = ''] = text.replace(/^(?:#.*\n|\n)*/, '').split(/^---\n/m);
  const { lines, body } = partsOf(request);
  const isSized = body === '' || lines.some((line) => /^content-length:/i.test(line));
  const size = isSized ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [...lines, ...size, '', ''].join('\r\n');
  const expected = partsOf(response);
  return {
    request: Buffer.from(head + body),
    response: { ...headOf(expected.lines), body: expected.body },
  };
}

function partsOf(text: string) {
  const [head = '', ...rest] = text.trim().split('\n\n');
  return { lines: head.split('\n'), body: rest.join('\n\n') };
}

function headOf([first = '', ...lines]: readonly string[]) {
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(first) ?? [];
  if (!status) throw new Error(`"${first}" begins no HTTP response`);
  const headers = lines.map((line) => line.split(/:\s*(.*)/s));
  return { status: Number(status), headers: Object.fromEntries(headers) };
}

/** Sends bytes over a TCP connection of their own, and reads one response. */
export async function sendRaw(port: number, bytes: Uint8Array): Promise<RawResponse> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  let received = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    const response = readResponse(received);
    if (response) return response;
  }
  throw new Error(`The connection ended in the middle of an answer: ${received}`);
}

/** Undefined when there is more to come. */
function readResponse(received: Buffer): RawResponse | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = headOf(received.subarray(0, end).toString().split('\r\n'));
  const rest = received.subarray(end + 4);
  if (head.status === 204) return { ...head, body: rest.toString() };
  const body =
    head.headers['Transfer-Encoding'] === 'chunked' ? joined(rest) : whole(rest, head.headers);
  return body === undefined ? undefined : { ...head, body };
}

function whole(rest: Buffer, headers: Readonly<Record<string, string>>): string | undefined {
  return rest.length < Number(headers['Content-Length']) ? undefined : rest.toString();
}

function joined(rest: Buffer): string | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.subarray(at, Math.max(at, end)).toString(), 16);
    if (end < 0 || rest.length < end + size + 4) return undefined;
    if (size === 0) return Buffer.concat(parts).toString();
    parts.push(rest.subarray(end + 2, end + 2 + size));
    at = end + size + 4;
  }
}

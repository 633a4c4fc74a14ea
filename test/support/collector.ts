import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as a collector gets it. */
export interface SentSpan {
  readonly traceId: string;
  readonly id: string;
  /** Empty for the first of a trace. */
  readonly parentId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly isFailed: boolean;
}

/** A collector of traces: OTLP over HTTP with protobuf, by the letter of opentelemetry-proto 1. */
export interface Collector extends AsyncDisposable {
  readonly url: string;
  spans(): SentSpan[];
  /** All that came, as it came. */
  bytes(): Buffer;
}

export async function openCollector(): Promise<Collector> {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const isTraces = request.method === 'POST' && request.url === '/v1/traces';
    if (isTraces && request.headers['content-type'] === 'application/x-protobuf') bodies.push(body);
    response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => bodies.flatMap((body) => below(body, 1, 2, 2).map(spanOf)),
    bytes: () => Buffer.concat(bodies),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Field = readonly [number: number, value: Buffer | number];

/** The fields of a protobuf message; of times only that they are there. */
function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) yield [number, varint()];
    else {
      const length = type === 2 ? varint() : { 1: 8, 5: 4 }[type];
      if (length === undefined) throw new Error(`There is no wire type ${type}.`);
      yield [number, message.subarray(at, at + length)];
      at += length;
    }
  }
}

/** The messages at a path of field numbers. */
function below(message: Buffer, ...path: readonly number[]): Buffer[] {
  const [first, ...rest] = path;
  if (first === undefined) return [message];
  return [...fieldsOf(message)].flatMap(([number, value]) =>
    number === first && Buffer.isBuffer(value) ? below(value, ...rest) : [],
  );
}

function spanOf(message: Buffer): SentSpan {
  const fields = new Map(fieldsOf(message));
  const bytes = (number: number) => Buffer.from((fields.get(number) as Buffer | undefined) ?? '');
  const status = new Map(fieldsOf(bytes(15)));
  return {
    traceId: bytes(1).toString('hex'),
    id: bytes(2).toString('hex'),
    parentId: bytes(4).toString('hex'),
    name: bytes(5).toString(),
    kind: Number(fields.get(6)),
    attributes: Object.fromEntries(below(message, 9).map(attributeOf)),
    isFailed: status.get(3) === 2,
  };
}

function attributeOf(message: Buffer): [string, string | number] {
  const fields = new Map(fieldsOf(message));
  const [[, value] = [0, '']] = fieldsOf(Buffer.from((fields.get(2) as Buffer | undefined) ?? ''));
  return [String(fields.get(1)), Buffer.isBuffer(value) ? value.toString() : value];
}

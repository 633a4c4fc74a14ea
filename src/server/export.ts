import { addAbortListener } from 'node:events';
import type { PrincipalWatch } from '../auth/watch.ts';
import { credentialsOf } from '../model/credentials.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import { exportCalls } from '../operations/export-calls.ts';
import {
  contentTypeOf,
  type ExportFormat,
  isExportFormat,
  written,
} from '../operations/export-format.ts';
import { createSlots, type Slots } from '../operations/slots.ts';
import { BadRequest } from './bad-request.ts';
import type { Contexts, Origin } from './context.ts';
import type { RefusalIn } from './errors.ts';
import { GRACE_MS } from './grace.ts';

interface Options {
  readonly contexts: Contexts;
  readonly principals: PrincipalWatch;
  /** Tells the operator of what goes wrong when nobody can be answered any more. */
  readonly refusalIn: RefusalIn;
}

interface Asking {
  readonly origin: Origin;
  /** Ends the connection. */
  readonly cut: () => void;
}

interface Beside {
  readonly watch: () => ReturnType<PrincipalWatch['watch']>;
  readonly slots: Slots;
  readonly onError: (error: unknown) => void;
}

/** The statuses of what can be refused before the first record. */
const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  BAD_INPUT: 400,
  UNAVAILABLE: 503,
};

/** Each reads a database connection's worth, and has some megabytes in memory while its reader does not read. */
const EXPORTS_EACH = 2;
const EXPORTS = 50;

/** Answers `GET /export/calls.ndjson` and `.csv`; undefined for every other path. */
export function createExport({ contexts, principals, refusalIn }: Options) {
  const slots = createSlots({ each: EXPORTS_EACH, all: EXPORTS });
  return async (request: Request, { origin, cut }: Asking): Promise<Response | undefined> => {
    const url = new URL(request.url);
    const [, format = ''] = /^\/export\/calls\.(\w+)$/.exec(url.pathname) ?? [];
    if (!isExportFormat(format)) return undefined;
    if (request.method !== 'GET') return refused(405, 'This is read by GET.');
    try {
      const credentials = credentialsOf(request.headers.get('authorization'));
      const context = await contexts.open(credentials, origin);
      const watch = () => watchOver(context, principals, cut);
      const beside = { watch, slots, onError: (error: unknown) => void refusalIn(error) };
      return await answer(context, beside, format, url.searchParams);
    } catch (error) {
      const refusal = refusalIn(error);
      const status = refusal && STATUS[refusal.code];
      if (refusal && status) return refused(status, refusal.message, refusal);
      return refused(500, 'Internal error');
    }
  };
}

async function answer(
  context: Context,
  { watch, slots, onError }: Beside,
  format: ExportFormat,
  parameters: URLSearchParams,
): Promise<Response> {
  checkParameters(parameters);
  // An empty one is of a script whose position was lost: it must not begin anew and double everything.
  const after = parameters.get('after');
  const organization = parameters.get('organizationId') || null;
  const leave = slots.take(context.principal.userId);
  const begin = async () => {
    const watched = watch();
    try {
      const batches = await exportCalls(context, { organization, after, onError });
      return { batches, ...watched };
    } catch (error) {
      watched.release();
      throw error;
    }
  };
  const { batches, signal, release } = await begin().catch((error: unknown) => {
    leave();
    throw error;
  });
  const texts = untilEnded(written(batches, format, after), signal, release);
  // The place is free when what has been begun to be read has been, however soon the client has gone.
  const end = () => void texts.return(undefined).finally(leave);
  // It may have gone while the export was begun.
  addAbortListener(context.signal, end);
  return new Response(streamOf(texts), {
    headers: { 'Content-Type': contentTypeOf(format, after), 'Cache-Control': 'no-store' },
  });
}

/** A misspelt `after` would double everything, and of two nobody can tell which is meant. */
function checkParameters(parameters: URLSearchParams): void {
  const names = [...parameters.keys()];
  if (names.some((name) => name !== 'after' && name !== 'organizationId')) {
    throw new GatewayError('BAD_INPUT', 'The parameters are `after` and `organizationId`.');
  }
  if (new Set(names).size < names.length) {
    throw new GatewayError('BAD_INPUT', '`after` and `organizationId` are given once.');
  }
}

/** A client that does not read would never come to the end: it is cut off a little after its credentials. */
function watchOver({ principal, signal }: Context, principals: PrincipalWatch, cut: () => void) {
  const watched = principals.watch(principal);
  // Of what nobody has begun to read, nothing else says that it is over; it may be over already.
  addAbortListener(signal, watched.release);
  addAbortListener(watched.signal, () => {
    setTimeout(() => signal.aborted || cut(), GRACE_MS).unref();
  });
  return watched;
}

/** A batch is read when there is room for it: a slow client costs no memory. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (stream) => {
        const { done, value } = await texts.next();
        if (done) stream.close();
        else stream.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        await texts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Cut off in the midst when the token behind it ends: a whole answer would look as if it were all. */
async function* untilEnded(
  texts: AsyncGenerator<string>,
  signal: AbortSignal,
  release: () => void,
) {
  try {
    for await (const text of texts) {
      if (signal.aborted) throw new BadRequest(401, 'The token has ended.');
      yield text;
    }
  } finally {
    release();
  }
}

function refused(status: number, message: string, error?: GatewayError): Response {
  const code = error ? { code: error.code } : {};
  const response = Response.json({ error: { ...code, message } }, { status });
  if (status === 401) response.headers.set('WWW-Authenticate', 'Bearer');
  if (error?.retryAfter) response.headers.set('Retry-After', String(error.retryAfter));
  return response;
}

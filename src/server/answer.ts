import type { PrincipalWatch } from '../auth/watch.ts';
import { credentialsOf } from '../model/credentials.ts';
import type { Context } from '../operations/context.ts';
import type { Contexts, Origin } from './context.ts';
import { createExport } from './export.ts';
import { GRACE_MS } from './grace.ts';
import type { createGraphql } from './yoga.ts';

interface Options {
  readonly health: (path: string) => Promise<Response | undefined>;
  readonly metrics: (path: string, peer: string) => Promise<Response | undefined>;
  readonly graphql: ReturnType<typeof createGraphql>;
  readonly contexts: Contexts;
  readonly principals: PrincipalWatch;
  /** Each answers below its own paths, and leaves the others alone. */
  readonly legacy: readonly ((request: Request, origin: Origin) => Promise<Response | undefined>)[];
}

/** Answers one request; `cut` ends its connection, whatever of the answer is still on its way. */
export type Answer = (request: Request, origin: Origin, cut: () => void) => Promise<Response>;

/** What is to be found at which path. */
export function createAnswer(options: Options): Answer {
  const { health, metrics, legacy } = options;
  const exporting = createExport(options);
  return async (request, origin, cut) => {
    const { pathname } = new URL(request.url);
    const watched = (await health(pathname)) ?? (await metrics(pathname, origin.peer));
    if (watched) return watched;
    if (pathname === '/graphql') return answerGraphql(options, request, { origin, cut });
    const exported = await exporting(request, { origin, cut });
    if (exported) return exported;
    for (const dialect of legacy) {
      const answered = await dialect(request, origin);
      if (answered) return answered;
    }
    if (pathname === '/') return Response.json(DIRECTORY);
    return Response.json({ error: 'There is nothing at this path.' }, { status: 404 });
  };
}

const DIRECTORY = { name: 'Tandem', graphql: '/graphql', health: '/health', ready: '/ready' };

async function answerGraphql(
  { graphql, contexts, principals }: Options,
  request: Request,
  { origin, cut }: { readonly origin: Origin; readonly cut: () => void },
): Promise<Response> {
  let opened: Promise<Context> | undefined;
  const open = () => {
    opened ??= contexts.open(credentialsOf(request.headers.get('authorization')), origin);
    return opened;
  };
  // A stream outlives its request: it ends with its token.
  const follow = ({ principal, signal }: Context) => {
    const watched = principals.watch(principal);
    onAbort(signal, watched.release);
    // A client that does not read would never come to the end.
    onAbort(watched.signal, () => {
      setTimeout(() => signal.aborted || cut(), GRACE_MS).unref();
    });
    return AbortSignal.any([signal, watched.signal]);
  };
  return graphql.fetch(request, { open, follow });
}

function onAbort(signal: AbortSignal, work: () => void) {
  if (signal.aborted) work();
  else signal.addEventListener('abort', work, { once: true });
}

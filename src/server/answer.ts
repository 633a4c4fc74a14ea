import { addAbortListener } from 'node:events';
import type { PrincipalWatch } from '../auth/watch.ts';
import type { Context } from '../operations/context.ts';
import { type Asking, asking } from './asking.ts';
import { BadRequest } from './bad-request.ts';
import type { Contexts, Origin } from './context.ts';
import type { RefusalIn } from './errors.ts';
import { createExport } from './export.ts';
import { GRACE_MS } from './grace.ts';
import { inWordsOf } from './words.ts';
import type { createGraphql } from './yoga.ts';

interface Options {
  readonly health: (path: string) => Promise<Response | undefined>;
  readonly metrics: (path: string, peer: string) => Promise<Response | undefined>;
  readonly graphql: ReturnType<typeof createGraphql>;
  readonly contexts: Contexts;
  readonly principals: PrincipalWatch;
  /** Tells the operator of what is no refusal. */
  readonly refusalIn: RefusalIn;
  /** Each answers below its own paths, and leaves the others alone. */
  readonly legacy: readonly ((request: Request, origin: Origin) => Promise<Response | undefined>)[];
}

/** What belongs to a request beside what `fetch` knows. */
interface Beside {
  readonly origin: Origin;
  /** Ends its connection, whatever of the answer is still on its way. */
  readonly cut: () => void;
  /** What has been done for it already. */
  readonly begun?: Asking;
}

/** Answers one request. */
export type Answer = (request: Request, beside: Beside) => Promise<Response>;

/** What is to be found at which path. */
export function createAnswer(options: Options): Answer {
  const { health, metrics, legacy } = options;
  const exporting = createExport(options);
  return async (request, beside) => {
    const { origin, cut } = beside;
    const { pathname } = new URL(request.url);
    const watched = (await health(pathname)) ?? (await metrics(pathname, origin.peer));
    if (watched) return watched;
    if (pathname === '/graphql') return answerGraphql(options, request, beside);
    const exported = await exporting(request, { origin, cut });
    if (exported) return exported;
    for (const dialect of legacy) {
      const answered = await dialect(request, origin);
      if (answered) return answered;
    }
    if (pathname === '/') return Response.json(DIRECTORY);
    return nothingAt(pathname);
  };
}

const DIRECTORY = { name: 'Tandem', graphql: '/graphql', health: '/health', ready: '/ready' };

function nothingAt(pathname: string): Response {
  const hint = /[A-Z]/.test(pathname) ? ' Capital letters are others than small ones.' : '';
  const nothing = new BadRequest(404, `There is nothing at this path.${hint}`);
  return Response.json(inWordsOf(pathname, nothing), { status: nothing.status });
}

async function answerGraphql(
  { graphql, contexts, principals }: Options,
  request: Request,
  { origin, cut, begun }: Beside,
): Promise<Response> {
  const asked = begun ?? asking(contexts, request.headers.get('authorization'), origin);
  // A stream outlives its request: it ends with its token.
  const follow = ({ principal, signal }: Context) => {
    const watched = principals.watch(principal);
    addAbortListener(signal, watched.release);
    // A client that does not read would never come to the end.
    addAbortListener(watched.signal, () => {
      setTimeout(() => signal.aborted || cut(), GRACE_MS).unref();
    });
    return AbortSignal.any([signal, watched.signal]);
  };
  return graphql.fetch(request, { ...asked, follow });
}

import { startGateway, startServer } from '../gateway.ts';
import type { Target } from '../load.ts';
import { TOKEN } from '../population.ts';
import type { Probe } from '../probe.ts';
import { DOCUMENTS as POSTGRAPHILE } from '../rivals/postgraphile-documents.ts';
import { DOCUMENTS as BY_HAND } from '../rivals/schema.ts';
import type { Remote } from '../rpc.ts';
import type { Operation } from './operations.ts';

/** Somebody who answers the operations, each in the words of its own schema. */
export interface Contestant {
  readonly server: Remote<Probe>;
  readonly target: Target;
  /** The body of the nth request; null where there is none. */
  bodyOf(name: string, operation: Operation, n: number): string;
}

const bodyOf =
  (documents: Readonly<Record<string, string>> = {}, operationName = (name: string) => name) =>
  (name: string, { document, variables }: Operation, n: number) =>
    JSON.stringify({
      query: documents[name] ?? document,
      operationName: operationName(name),
      variables: variables(n),
    });

/** Starts them all on one database, each in a process of its own; the limit first. */
export async function startContestants(
  url: string,
  stack: AsyncDisposableStack,
): Promise<Readonly<Record<string, Contestant>>> {
  const started = async (file: string, documents: Readonly<Record<string, string>>) => {
    const server = stack.use(await startServer(file, url));
    return { server, target: { url: server.url, headers: {} }, bodyOf: bodyOf(documents) };
  };
  const limit = await started('queries/limit-server.ts', {});
  const tandem = stack.use(await startGateway(url));
  const headers = { authorization: `Bearer ${TOKEN}` };
  return {
    limit,
    'limit, logged': { ...limit, bodyOf: bodyOf({}, (name) => `${name}logged`) },
    Tandem: { server: tandem, target: { url: tandem.url, headers }, bodyOf: bodyOf() },
    'PostGraphile 5': await started('rivals/postgraphile-server.ts', POSTGRAPHILE),
    'Mercurius + JIT': await started('rivals/mercurius-server.ts', BY_HAND),
    Apollo: await started('rivals/apollo-server.ts', BY_HAND),
  };
}

import type { TadaDocumentNode } from 'gql.tada';
import type { Execute, Route } from '../dialect.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import type { PathParams, RefusedAs } from '../path-params.ts';
import { collection } from './collection.ts';
import { passes, type Resource } from './filter.ts';
import { type Connection, type Paging, readNodes } from './read-nodes.ts';
import type { VoipnowSettings } from './settings.ts';
import { type Fields, type StandardParameters, standardParameters } from './standard-parameters.ts';

interface List<Path extends string, Data, Variables, Node> {
  readonly path: Path;
  readonly document: TadaDocumentNode<Data, Variables>;
  readonly refusedAs: RefusedAs<Path>;
  readonly fields: Fields;
  readonly variables: (params: PathParams<Path>, paging: Paging) => NoInfer<Variables>;
  readonly connectionOf: (data: NoInfer<Data>) => Connection<Node>;
  readonly resourceOf: (node: Node, request: LegacyRequest, params: PathParams<Path>) => Resource;
  /** Asked before: which of the nodes are meant. Null, like its absence, means all of them. */
  readonly meant?: (
    execute: Execute,
    params: PathParams<Path>,
  ) => Promise<((node: Node) => boolean) | null>;
  /** The field that orders the list; absent when its connection has the order, the last one first. */
  readonly sortBy?: string;
  /** Takes what the path names out of what was found, or refuses. */
  readonly narrow?: (found: readonly Resource[], params: PathParams<Path>) => readonly Resource[];
  /** The same in other words that a filter may use. */
  readonly alias?: (resource: Resource) => Resource;
}

/** Makes the row of a list. Its pages, filters and order are the dialect's own, and none of the schema's. */
export function listing<const Path extends string, Data, Variables, Node>(
  settings: VoipnowSettings,
  list: List<Path, Data, Variables, Node>,
): Route {
  const { path, document, refusedAs } = list;
  return {
    ...{ methods: ['GET', 'HEAD'], path, document, refusedAs },
    answer: async (request, groups, execute) => {
      const asked = standardParameters(request.query, list.fields);
      const params = groups as PathParams<Path>; // its pattern has matched, so they are there
      const read = async (paging: Paging) =>
        list.connectionOf(await execute(document, list.variables(params, paging)));
      const isMeant = (await list.meant?.(execute, params)) ?? null;
      // Whatever is chosen or ordered here is chosen out of all.
      const needsAll = asked.filter !== null || isMeant !== null || list.sortBy !== undefined;
      const { nodes, total } = await readNodes(read, {
        backward: !needsAll && !asked.descending,
        enough: needsAll ? Number.POSITIVE_INFINITY : asked.startIndex + asked.count,
      });
      const meant = isMeant ? nodes.filter(isMeant) : nodes;
      const found = meant.map((node) => list.resourceOf(node, request, params));
      const narrowed = list.narrow?.(found, params) ?? found;
      const entries = needsAll ? chosen(list, asked, narrowed) : narrowed;
      return pageOf(settings, request, asked, {
        entries,
        total: needsAll ? entries.length : total,
      });
    },
  };
}

function pageOf(
  settings: VoipnowSettings,
  request: LegacyRequest,
  asked: StandardParameters,
  { entries, total }: { entries: readonly Resource[]; total: number },
): Response {
  const page = entries.slice(asked.startIndex, asked.startIndex + asked.count);
  if (page.length > 0 || settings.emptyListStatus === 200) {
    return collection(request, asked, { entries: page, total });
  }
  return new Response(null, { status: 204 });
}

/** What passes the filter, in order. */
export function chosen<Entry extends Resource>(
  { sortBy, alias }: Pick<List<string, unknown, unknown, unknown>, 'sortBy' | 'alias'>,
  { filter, descending }: StandardParameters,
  found: readonly Entry[],
): readonly Entry[] {
  const isChosen = (resource: Entry) =>
    filter === null ||
    passes(filter, resource) ||
    (alias !== undefined && passes(filter, alias(resource)));
  const passing = found.filter(isChosen);
  if (sortBy === undefined) return descending ? passing : passing.toReversed();
  const textOf = (resource: Entry) => String(resource[sortBy] ?? '');
  const sorted = passing.toSorted((a, b) => compare(textOf(a), textOf(b)));
  return descending ? sorted.reverse() : sorted;
}

/** By code units, so that the order is the same on every machine. */
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

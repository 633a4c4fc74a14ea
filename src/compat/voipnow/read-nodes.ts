/** The part of a Relay connection that lists are made of. */
export interface Connection<Node> {
  readonly totalCount: number | null;
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Which part of a connection: from its start, or backwards from its end. */
export interface Paging {
  readonly first?: number;
  readonly after?: string | null;
  readonly last?: number;
  readonly before?: string | null;
}

interface Wanted {
  readonly backward: boolean;
  /** How many nodes are needed at most. */
  readonly enough: number;
}

/** The largest page of a connection. */
const LARGEST = 5000;

/** Reads a connection page by page, in one direction or the other, as far as is needed. */
export async function readNodes<Node>(
  read: (paging: Paging) => Promise<Connection<Node>>,
  { backward, enough }: Wanted,
): Promise<{ nodes: readonly Node[]; total: number }> {
  const nodes: Node[] = [];
  let cursor: string | null = null;
  for (;;) {
    const size = Math.min(LARGEST, enough - nodes.length);
    const paging: Paging = backward
      ? { last: size, before: cursor }
      : { first: size, after: cursor };
    const page = await read(paging);
    nodes.push(...(backward ? page.nodes.toReversed() : page.nodes));
    cursor = nextOf(page, backward);
    if (cursor === null || nodes.length >= enough) {
      return { nodes, total: page.totalCount ?? nodes.length };
    }
  }
}

function nextOf({ pageInfo }: Connection<unknown>, backward: boolean): string | null {
  if (backward) return pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
  return pageInfo.hasNextPage ? pageInfo.endCursor : null;
}

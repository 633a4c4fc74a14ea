import type { Ask } from './client.ts';

/** Calls a page. */
export const SIZE = 50;

/** A page of an extension's calls as a list of them is shown. */
export const PAGE = `query Page($number: String!, $first: Int, $after: String, $last: Int) {
  extension(number: $number) {
    calls(first: $first, after: $after, last: $last) {
      edges {
        cursor
        node {
          id state direction ani dnis offeredAt answeredAt endedAt duration disposition
          participants { number role state extension { number label } }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const CURSORS = `query Cursors($number: String!, $first: Int, $after: String, $last: Int) {
  extension(number: $number) {
    calls(first: $first, after: $after, last: $last) { totalCount edges { cursor } }
  }
}`;

interface Cursors {
  readonly data: {
    readonly extension: {
      readonly calls: {
        readonly totalCount: number;
        readonly edges: { readonly cursor: string }[];
      };
    };
  };
}

/** The pages to compare, by name: what to ask each with. */
export async function findPages(ask: Ask, number: string) {
  const cursors = async (page: object) => {
    const answer: Cursors = JSON.parse(await ask(CURSORS, { number, ...page }));
    return answer.data.extension.calls;
  };
  const beforeLast = (await cursors({ last: SIZE + 1 })).edges[0]?.cursor;
  const { totalCount } = await cursors({ first: 1 });
  let after: string | undefined;
  for (let left = Math.floor(totalCount / 2); left > 0; left -= 1000) {
    after = (await cursors({ first: Math.min(left, 1000), after })).edges.at(-1)?.cursor;
  }
  const pages: Record<string, object> = {
    first: { first: SIZE },
    middle: { first: SIZE, after },
    last: { first: SIZE, after: beforeLast },
    'last, backward': { last: SIZE },
  };
  return { totalCount, pages };
}

/** A page that is not full would be no measure. */
export async function checkFull(
  ask: Ask,
  number: string,
  pages: Record<string, object>,
): Promise<void> {
  for (const [name, page] of Object.entries(pages)) {
    const answer: Cursors = JSON.parse(await ask(PAGE, { number, ...page }));
    const { length } = answer.data.extension.calls.edges;
    if (length !== SIZE) throw new Error(`The ${name} page has ${length} calls.`);
  }
}

import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { type DocumentNode, GraphQLError, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { GatewayError } from '../model/errors.ts';
import type { Prices } from './prices.ts';

/** What a document may be and ask for. */
export interface DocumentLimits {
  readonly depth: number;
  readonly aliases: number;
  /** Fields, each counted as often as the pages above it have nodes. */
  readonly cost: number;
  readonly pageSize: number;
}

const MOST_TOKENS = 15_000;

/** While validating: it goes through the exit of all errors. */
const tooComplex = (message: string) =>
  new GraphQLError(message, { originalError: new GatewayError('QUERY_TOO_COMPLEX', message) });

/** The limits as plugins: they hold on every transport. */
export function limitPlugins(limits: DocumentLimits, prices: Prices): Plugin[] {
  const say = (what: string, most: number) => ({
    n: most,
    onReject: [
      () => {
        throw tooComplex(`This server allows at most ${most} ${what} in a document.`);
      },
    ],
  });
  return [
    maxTokensPlugin(say('tokens', MOST_TOKENS)),
    maxDepthPlugin({ ...say('levels', limits.depth), flattenFragments: true }),
    maxAliasesPlugin({ ...say('aliases', limits.aliases), allowList: [] }),
    costPlugin(prices),
    tooDeepPlugin(limits),
  ];
}

/** Selections and values within each other, whatever they are; whoever walks through one of these has room for it on his stack. */
const MOST_NESTED = 500;

/** Inline fragments and values are no levels; and far deeper than any limit the parser itself gives up, as its stack is full. */
const tooDeepPlugin = ({ depth }: DocumentLimits): Plugin => ({
  onParse: ({ parseFn, setParseFn }) => {
    setParseFn((source, options) => {
      const document = parsed(() => parseFn(source, options), depth);
      checkNested(document);
      return document;
    });
  },
});

function parsed(parse: () => DocumentNode, depth: number): DocumentNode {
  try {
    return parse();
  } catch (error) {
    const isDeep = error instanceof RangeError && /call stack/i.test(error.message);
    throw isDeep ? tooComplex(levels(depth)) : error;
  }
}

/** `visit` itself goes through a document without a stack. */
function checkNested(document: DocumentNode): void {
  let nested = 0;
  const count = {
    enter: () => {
      nested += 1;
      if (nested <= MOST_NESTED) return;
      throw tooComplex(
        `This server allows at most ${MOST_NESTED} selections or values within each other.`,
      );
    },
    leave: () => {
      nested -= 1;
    },
  };
  visit(document, { SelectionSet: count, ObjectValue: count, ListValue: count });
}

const levels = (most: number) => `This server allows at most ${most} levels in a document.`;

function costPlugin(prices: Prices): Plugin {
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const error = prices(args);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const error = prices(args);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
  };
}

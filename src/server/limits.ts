import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { GraphQLError } from 'graphql';
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

/** Far deeper than any limit the parser itself gives up, as its stack is full. */
const tooDeepPlugin = ({ depth }: DocumentLimits): Plugin => ({
  onParse: ({ parseFn, setParseFn }) => {
    setParseFn((source, options) => {
      try {
        return parseFn(source, options);
      } catch (error) {
        const isDeep = error instanceof RangeError && /call stack/i.test(error.message);
        throw isDeep ? tooComplex(levels(depth)) : error;
      }
    });
  },
});

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

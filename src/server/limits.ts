import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { type ExecutionArgs, GraphQLError, getNamedType } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import type { Plugin } from 'graphql-yoga';
import { GatewayError } from '../model/errors.ts';

/** What a document may be and ask for. */
export interface DocumentLimits {
  readonly depth: number;
  readonly aliases: number;
  /** Fields, each counted as often as the pages above it have nodes. */
  readonly cost: number;
  readonly pageSize: number;
}

const MOST_TOKENS = 15_000;
const DEFAULT_PAGE = 50;

/** While validating: it goes through the exit of all errors. */
const tooComplex = (message: string) =>
  new GraphQLError(message, { originalError: new GatewayError('QUERY_TOO_COMPLEX', message) });

/** As a result that stops the execution: it leaves as it is, and with a cause Yoga would answer 500. */
const overLimit = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } });

/** The limits as plugins: they hold on every transport. */
export function limitPlugins(limits: DocumentLimits): Plugin[] {
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
    costPlugin(limits),
  ];
}

function costPlugin(limits: DocumentLimits): Plugin {
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const error = overpriced(args, limits);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const error = overpriced(args, limits);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
  };
}

/** Variables decide how much a document costs, so it is known only when it is run. */
function overpriced(args: ExecutionArgs, { cost, pageSize }: DocumentLimits): GraphQLError | null {
  let largest = 0;
  const estimator: ComplexityEstimator = ({ field, args: given, childComplexity }) => {
    if (!getNamedType(field.type).name.endsWith('Connection')) return 1 + childComplexity;
    const size = Math.max(0, Number(given['first'] ?? given['last'] ?? DEFAULT_PAGE));
    largest = Math.max(largest, size);
    return 1 + size * childComplexity;
  };
  const { schema, document, operationName, variableValues } = args;
  try {
    const total = getComplexity({
      estimators: [estimator],
      schema,
      query: document,
      ...(operationName && { operationName }),
      ...(variableValues && { variables: { ...variableValues } }),
    });
    if (largest > pageSize) return overLimit(`This server gives at most ${pageSize} nodes a page.`);
    return total > cost
      ? overLimit(`This server allows a cost of ${cost}; this is ${total}.`)
      : null;
  } catch (error) {
    // Variables of the wrong type: graphql-js says so itself, and better.
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

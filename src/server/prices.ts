import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  getNamedType,
  getOperationAST,
  getVariableValues,
  Kind,
  visit,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import type { DocumentLimits } from './limits.ts';

/** Says what is wrong with the price of an operation with these variables; null when it may run. */
export type Prices = (args: ExecutionArgs) => GraphQLError | null;

const DEFAULT_PAGE = 50;
/** Prices that are remembered of one document: page sizes are few. */
const MOST_REMEMBERED = 100;

/** As a result that stops the execution: it leaves as it is, and with a cause Yoga would answer 500. */
const overLimit = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } });

interface Remembered {
  /** Without directives: what a variable leaves out is read all the same where a part of it is asked for twice. */
  readonly whole: DocumentNode;
  /** The variables that the price depends on. */
  readonly names: readonly string[];
  /** What may run, by operation and the values of these variables. */
  readonly affordable: LRUCache<string, true>;
}

/** Computes a price once for each operation and what it depends on. Only what may run is remembered. */
export function createPrices(limits: DocumentLimits): Prices {
  const documents = new WeakMap<DocumentNode, Remembered>();
  return (args) => {
    const { document, operationName, variableValues } = args;
    const remembered = documents.get(document) ?? {
      whole: visit(document, { Directive: () => null }),
      names: decisive(document),
      affordable: new LRUCache({ max: MOST_REMEMBERED }),
    };
    documents.set(document, remembered);
    const { whole, names, affordable } = remembered;
    // One that is not given has its default, which is not null.
    const given = names.map((name) =>
      Object.hasOwn(variableValues ?? {}, name) ? [variableValues?.[name]] : [],
    );
    const key = JSON.stringify([operationName, ...given]);
    if (affordable.has(key)) return null;
    if (hasWrongVariables(args)) return null;
    const size = sizeOf({ ...args, document: whole });
    if (size instanceof GraphQLError) return size;
    if (isWithin(size, limits)) affordable.set(key, true);
    return refusal(size, limits);
  };
}

/** graphql-js says so itself, and better. */
function hasWrongVariables({ schema, document, operationName, variableValues }: ExecutionArgs) {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  return getVariableValues(schema, definitions, variableValues ?? {}).errors !== undefined;
}

/** The variables of page sizes: all others only say what is looked for. */
function decisive(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Argument: ({ name, value }) => {
      const decides = ['first', 'last'].includes(name.value);
      if (decides && value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

interface Size {
  readonly total: number;
  readonly largestPage: number;
}

/** An error for what cannot be priced, such as a null where none may be. */
function sizeOf(args: ExecutionArgs): Size | GraphQLError {
  const { schema, document, operationName, variableValues } = args;
  let largestPage = 0;
  const estimator: ComplexityEstimator = ({ field, args: given, childComplexity }) => {
    if (!getNamedType(field.type).name.endsWith('Connection')) return 1 + childComplexity;
    const size = Math.max(0, Number(given['first'] ?? given['last'] ?? DEFAULT_PAGE));
    largestPage = Math.max(largestPage, size);
    return 1 + size * childComplexity;
  };
  try {
    const total = getComplexity({
      estimators: [estimator],
      schema,
      query: document,
      ...(operationName && { operationName }),
      ...(variableValues && { variables: { ...variableValues } }),
    });
    return { total, largestPage };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // The words of the library for what has so many fields that it does not count them.
    const isEndless = error.message.startsWith('Query exceeds the maximum allowed number of nodes');
    if (isEndless) return { total: Number.POSITIVE_INFINITY, largestPage };
    return new GraphQLError(error.message, { extensions: { code: 'BAD_INPUT' } });
  }
}

const isWithin = ({ total, largestPage }: Size, { cost, pageSize }: DocumentLimits) =>
  largestPage <= pageSize && total <= cost;

function refusal(size: Size, limits: DocumentLimits): GraphQLError | null {
  if (isWithin(size, limits)) return null;
  if (size.largestPage > limits.pageSize) {
    return overLimit(`This server gives at most ${limits.pageSize} nodes a page.`);
  }
  const total = Number.isFinite(size.total) ? size.total : 'more than can be counted';
  return overLimit(`This server allows a cost of ${limits.cost}; this is ${total}.`);
}

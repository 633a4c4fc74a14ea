import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeByGraphqlJs,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Execute } from '../compat/dialect.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import { type Compile, createCompile, createCompileReady } from './compile.ts';
import { refuseReading } from './refuse-reading.ts';

/** Runs queries and mutations. */
export type Executor = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult;

/** Compiles each operation once; documents come from a bounded cache, and what was compiled goes with them. */
export function createExecutor(schema: GraphQLSchema): Executor {
  const compile = once(createCompile(schema));
  return (args) => {
    const { document } = args;
    // Some clients send an empty name instead of none.
    const name = args.operationName ?? '';
    const named = { ...args, operationName: name || null };
    // Nothing is kept for names that are not there, for there is no end of them; graphql-js has words for it.
    if (!getOperationAST(document, named.operationName)) return executeByGraphqlJs(named);
    const refusal = refusalOf(args);
    if (refusal) return refusal;
    const query = compile(document, name);
    return query ? run(query, args) : executeByGraphqlJs(named);
  };
}

/**
 * Runs operations whose pages Postgres can write as the answer has them; `run` has all others. In the result they are
 * `ReadyJson`.
 */
export function createReadyExecutor(schema: GraphQLSchema, runOther: Executor): Executor {
  const compile = once(createCompileReady(schema));
  return (args) => {
    const name = args.operationName ?? '';
    if (!getOperationAST(args.document, name || null)) return runOther(args);
    const refusal = refusalOf(args);
    if (refusal) return refusal;
    const query = compile(args.document, name);
    return query ? run(query, args) : runOther(args);
  };
}

/** Compiles an operation of a document once. */
function once(compile: Compile): Compile {
  const compiled = new WeakMap<DocumentNode, Map<string, CompiledQuery | null>>();
  return (document, name) => {
    const byName = compiled.get(document) ?? new Map<string, CompiledQuery | null>();
    compiled.set(document, byName);
    const known = byName.get(name);
    if (known !== undefined) return known;
    const query = compile(document, name);
    byName.set(name, query);
    return query;
  };
}

function refusalOf({ schema, document, operationName, contextValue }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName || null);
  const { principal } = contextValue as Context; // the edge has made it
  return operation && refuseReading({ schema, document, operation, principal });
}

const run = (query: CompiledQuery, { rootValue, contextValue, variableValues }: ExecutionArgs) =>
  query.query(rootValue, contextValue, variableValues ?? {}) as Promise<ExecutionResult>; // awaited by all callers

/** Runs compat's documents in this process, as the principal of this context. */
export function executeAs(schema: GraphQLSchema, run: Executor, contextValue: Context): Execute {
  return async (document, variableValues) => {
    const result = await run({
      schema,
      document,
      variableValues: variableValues as Record<string, unknown>, // typed by the document
      contextValue,
    });
    return dataOf(result) as never; // gql.tada has typed the document against this schema
  };
}

/** The data of a result; throws the refusal, or what is a bug. */
export function dataOf({ data, errors }: ExecutionResult): unknown {
  const cause = errors?.[0]?.originalError;
  if (cause instanceof GatewayError) throw cause;
  // Values of the wrong type for the schema: the dialect let them through.
  if (errors?.[0] && !cause) throw new GatewayError('BAD_INPUT', errors[0].message);
  if (errors?.[0]) throw errors[0];
  return data;
}

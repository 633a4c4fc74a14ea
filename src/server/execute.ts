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
import { compile } from './compile.ts';
import { refuseReading } from './refuse-reading.ts';

/** Runs queries and mutations. */
export type Executor = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult;

/** Compiles each operation once; documents come from a bounded cache, and what was compiled goes with them. */
export function createExecutor(schema: GraphQLSchema): Executor {
  const compiled = new WeakMap<DocumentNode, Map<string, CompiledQuery | null>>();
  return (args) => {
    const { document, rootValue, contextValue, variableValues } = args;
    // Some clients send an empty name instead of none.
    const name = args.operationName ?? '';
    const named = { ...args, operationName: name || null };
    // Nothing is kept for names that are not there, for there is no end of them; graphql-js has words for it.
    const operation = getOperationAST(document, named.operationName);
    if (!operation) return executeByGraphqlJs(named);
    const { principal } = contextValue as Context; // the edge has made it
    const refusal = refuseReading({ schema, document, operation, principal });
    if (refusal) return refusal;
    const byName = compiled.get(document) ?? new Map<string, CompiledQuery | null>();
    if (!byName.has(name)) byName.set(name, compile(schema, document, name));
    compiled.set(document, byName);
    const query = byName.get(name);
    if (!query) return executeByGraphqlJs(named);
    return query.query(rootValue, contextValue, variableValues ?? {}) as Promise<ExecutionResult>; // awaited by all callers
  };
}

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

import {
  type ExecutionArgs,
  type GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import { GatewayError } from '../model/errors.ts';
import type { Span, Step, Tracing } from '../observe/tracing.ts';
import type { Executor } from './execute.ts';
import type { Subscribe } from './subscriptions/subscribe.ts';

/** Over WebSocket no request is under way: each operation is a trace of its own. */
const BEGINS = { begins: true };

/** Makes a span of each query and mutation, whoever sends it: the dialects' own documents are operations, too. */
export function traceOperations(run: Executor, tracing: Tracing | null | undefined): Executor {
  if (!tracing) return run;
  return (args) => {
    const operation = operationOf(args);
    // A change is executed for all who follow it, long after they have asked.
    if (!operation || operation.operation === 'subscription') return run(args);
    const work = async (span: Span | null) => {
      const result = await run(args);
      const [error] = result.errors ?? [];
      if (error) span?.fail(codeOf(error));
      return result;
    };
    return tracing.step(() => stepOf(operation), work, BEGINS);
  };
}

/** Makes a span of the beginning of each subscription. */
export function traceSubscribe(
  subscribe: Subscribe,
  tracing: Tracing | null | undefined,
): Subscribe {
  if (!tracing) return subscribe;
  return (args) => {
    const operation = operationOf(args);
    if (!operation) return subscribe(args);
    return tracing.step(
      () => stepOf(operation),
      () => subscribe(args),
      BEGINS,
    );
  };
}

const operationOf = ({ document, operationName }: ExecutionArgs) =>
  getOperationAST(document, operationName || null);

/** Its name and its kind, and nothing of its text: literals are what clients have to say. */
function stepOf({ operation: type, name }: OperationDefinitionNode): Step {
  const named = name && { 'graphql.operation.name': name.value };
  return { name: type, kind: 'INTERNAL', attributes: { 'graphql.operation.type': type, ...named } };
}

function codeOf({ originalError }: GraphQLError): string {
  if (originalError instanceof GatewayError) return originalError.code;
  return originalError ? 'INTERNAL' : 'BAD_INPUT';
}

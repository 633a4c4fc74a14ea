import { type DocumentNode, getVariableValues, Kind } from 'graphql';
import { dialects } from '../../src/compat/dialects.ts';
import { GetCall } from '../../src/compat/genesys/call-documents.ts';
import { type ExecuteAs, serve } from '../../src/compat/serve.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Credentials } from '../../src/model/credentials.ts';
import { type ErrorCode, GatewayError } from '../../src/model/errors.ts';

/** A legacy request, and what the server would find when it runs its document. */
export interface Question {
  readonly method: string;
  readonly target: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Everybody is let in when it is absent. */
  readonly executeAs?: ExecuteAs;
  /** What the document is refused with. */
  readonly outcome?: Error;
}

/** What came of it. */
export interface Reply {
  /** Undefined when no dialect took the request. */
  readonly response: Response | undefined;
  readonly text: string;
  readonly credentials: readonly Credentials[];
  /** The variables of the documents that were run, as the schema reads them. */
  readonly variables: readonly unknown[];
  /** Variables that the schema does not take. */
  readonly faults: readonly string[];
  readonly bugs: readonly unknown[];
}

/** The code with which documents are refused unless a test says otherwise: no dialect makes it itself. */
export const OUTCOME: ErrorCode = 'LEGAL_HOLD';

/** Genesys looks at a call before it commands it; of one that is not there the command decides. */
const NO_CALL = { viewer: { id: '' }, call: null };

/** Asks the dialects in the server's order. Documents are not run: they are checked, and refused. */
export async function ask(question: Question): Promise<Reply> {
  const credentials: Credentials[] = [];
  const variables: unknown[] = [];
  const faults: string[] = [];
  const bugs: unknown[] = [];
  const executeAs: ExecuteAs = async (given, from) => {
    credentials.push(given);
    await question.executeAs?.(given, from);
    return async (document, asked) => {
      const read = coerced(document, asked as Record<string, unknown>); // typed by the document
      faults.push(...(read.errors ?? []).map(({ message }) => message));
      const text: DocumentNode = document;
      if (text === GetCall && question.method === 'POST') return NO_CALL as never;
      variables.push(read.coerced);
      throw question.outcome ?? new GatewayError(OUTCOME);
    };
  };
  const refusalIn = (error: unknown) => {
    if (error instanceof GatewayError) return error;
    bugs.push(error);
    return null;
  };
  const { method, target, headers = {}, body } = question;
  const request = new Request(`http://localhost${target}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const origin = { peer: '127.0.0.1', requestId: 'r', signal: request.signal };
  for (const dialect of dialects) {
    const response = await serve(dialect, executeAs, refusalIn)(request, origin);
    if (!response) continue;
    return { response, text: await response.text(), credentials, variables, faults, bugs };
  }
  return { response: undefined, text: '', credentials, variables, faults, bugs };
}

function coerced(document: DocumentNode, given: Record<string, unknown>) {
  const definitions = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );
  return getVariableValues(schema, definitions, given);
}

/** Lets nobody in. */
export const lockedOut: ExecuteAs = async () => {
  throw new GatewayError('UNAUTHENTICATED');
};

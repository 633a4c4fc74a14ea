import type { IncomingMessage } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { writeReady } from '../../model/ready-json.ts';
import { type Asking, asking } from '../asking.ts';
import type { Contexts, Origin } from '../context.ts';
import type { Received, WholeAnswer } from '../exchange.ts';
import type { Executor } from '../execute.ts';
import { corsHeaders } from './cors.ts';
import type { KnownDocuments } from './known-documents.ts';
import { paramsOf } from './params.ts';
import { plainRequest } from './plain-request.ts';

interface Options {
  readonly schema: GraphQLSchema;
  readonly run: Executor;
  readonly contexts: Contexts;
  readonly corsOrigins: readonly string[];
  readonly known: KnownDocuments;
  /** The text of a document, when nothing has to be checked or kept for it first. */
  readonly textOf: (params: GraphQLParams) => string | null;
  /** Whether the limits that depend on variables let it run. */
  readonly isAffordable: (args: ExecutionArgs) => boolean;
}

/** What the lane gives: the whole answer, or what it has begun for the one that goes on. */
export interface Passed {
  readonly whole?: WholeAnswer;
  readonly begun?: Asking;
}

/** Tries to answer a request in the short way. */
export type Lane = (
  message: IncomingMessage,
  received: Received,
  origin: Origin,
) => Promise<Passed>;

/**
 * The short way for what almost all requests are: a POST of JSON with a known document, from somebody who may ask,
 * with a result without errors. It refuses nothing and has no words of its own. Whatever is not so goes on through
 * Yoga, and nothing is done twice: there is one place that says no.
 */
export function createLane(options: Options): Lane {
  const { contexts, corsOrigins } = options;
  return async (message, { url, body }, origin) => {
    const plain = plainRequest(message, url);
    const params = plain && paramsOf(body);
    const execution = params && executionOf(options, params);
    if (!execution) return {};
    const begun = asking(contexts, plain.authorization, origin);
    const contextValue = await begun.open().catch(() => null);
    const args = { ...execution, contextValue };
    // Both are refused by Yoga, in its words.
    if (!contextValue || !options.isAffordable(args)) return { begun };
    const executing = Promise.try(options.run, args);
    const result = await executing.catch(() => null);
    if (!result || !isPlain(result)) return { begun: { ...begun, executed: () => executing } };
    const whole = writeReady(result);
    const headers = {
      'Content-Type': `${plain.mediaType}; charset=utf-8`,
      'Content-Length': String(Buffer.byteLength(whole)),
      ...corsHeaders(plain.origin, corsOrigins),
    };
    return { whole: { body: whole, headers } };
  };
}

/** What to execute, when that is a query or mutation of a known document. */
function executionOf({ schema, known, textOf }: Options, params: GraphQLParams) {
  const document = known.get(textOf(params) ?? '');
  const { variables: variableValues, operationName } = params;
  const operation = document && getOperationAST(document, operationName);
  if (!operation || operation.operation === 'subscription') return null;
  return { schema, document, variableValues, operationName };
}

const isPlain = ({ data, errors, extensions }: ExecutionResult) =>
  data !== undefined && errors === undefined && extensions === undefined;

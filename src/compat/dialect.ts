import type { TadaDocumentNode } from 'gql.tada';
import type { DocumentNode } from 'graphql';
import type { Credentials } from '../model/credentials.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { LegacyRequest } from './legacy-request.ts';
import type { PathParams, RefusedAs } from './path-params.ts';
import type { Refusal } from './refusal.ts';

/** Runs a static document as the request's principal. Throws `GatewayError` when it is refused. */
export type Execute = <Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** Where a legacy operation is found. */
interface Address<Path extends string> {
  readonly methods: readonly string[];
  /** `URLPattern` pathname below the dialect's bases; a trailing slash is accepted besides. */
  readonly path: Path;
  /** Its name, where several operations share one URI. */
  readonly operation?: string;
}

/** What a legacy operation is: a document, its variables, and the shape of the answer. */
interface Translation<Path extends string, Data, Variables> {
  readonly document: TadaDocumentNode<Data, Variables>;
  /** As what a path parameter is refused that is not even text. */
  readonly refusedAs: RefusedAs<Path>;
  /** May ask first what they depend on. Throws `GatewayError` for what the dialect forbids and the schema does not. */
  readonly variables: (
    request: LegacyRequest,
    params: PathParams<Path>,
    execute: Execute,
  ) => NoInfer<Variables> | Promise<NoInfer<Variables>>;
  /** Asked after `variables`. Throws `GatewayError` for what the dialect forbids as things stand, and the schema does not. */
  readonly permit?: (
    execute: Execute,
    params: PathParams<Path>,
    request: LegacyRequest,
  ) => Promise<void>;
  /** Throws what the document was refused with, in words that the dialect's clients know; as it is when absent. */
  readonly refused?: (error: unknown) => never;
  readonly respond: (
    data: NoInfer<Data>,
    request: LegacyRequest,
    params: PathParams<Path>,
  ) => Response;
}

/** A row of a route table. */
export interface Route extends Address<string> {
  /** Kept for the test that validates every document against the schema. */
  readonly document: DocumentNode;
  readonly refusedAs: Readonly<Record<string, ErrorCode>>;
  readonly answer: (
    request: LegacyRequest,
    params: Readonly<Record<string, string | undefined>>,
    execute: Execute,
  ) => Promise<Response>;
}

/** Makes a row of a route table; the compiler checks `variables` and `respond` against path and document. */
export function route<const Path extends string, Data, Variables>({
  variables,
  permit,
  refused,
  respond,
  document,
  ...rest
}: Address<Path> & Translation<Path, Data, Variables>): Route {
  return {
    ...rest,
    document,
    answer: async (request, params, execute) => {
      const given = params as PathParams<Path>; // its pattern has matched, so they are there
      const asked = await variables(request, given, execute);
      await permit?.(execute, given, request);
      const done = execute(document, asked);
      return respond(await (refused ? done.catch(refused) : done), request, given);
    },
  };
}

/** Sessions over HTTP, as old as cookies. */
export interface HttpSessions {
  /** The answer to a request that another page may have made; null for every other. Before it is asked who asks. */
  refuseForged(request: LegacyRequest): Response | null;
  /** The same of one that comes with somebody's password. Before anything else is looked at. */
  refuseChosen(request: LegacyRequest, execute: Execute): Promise<Response | null>;
  /** Headers for the answer: a session for somebody who came without. Before anything is done, for it can fail. */
  open(request: LegacyRequest, execute: Execute, peer: string): Promise<Headers>;
}

/** What an operator can choose about dialects. */
export interface DialectSettings {
  /** Whether Genesys' requests need a token against forgery. */
  readonly csrf: boolean;
  /** Origins whose pages may call Genesys' API with their users' cookies. */
  readonly origins: readonly string[];
}

/** What sessions need of the server. */
export interface SessionHost extends DialectSettings {
  /** The user of a token that still opens anything to who comes from this address; null of every other token. */
  holderOf(token: string, peer: string): Promise<string | null>;
  /** The user whose a token is, or was; null of what never was one. */
  ownerOf(token: string): Promise<string | null>;
}

/** A legacy API as data. */
export interface Dialect {
  readonly name: string;
  /** The paths below which everything is this dialect's. */
  readonly bases: readonly string[];
  readonly routes: readonly Route[];
  /** Whether a principal has only what its own extensions have, whatever it may see elsewhere. */
  readonly isPersonal?: boolean;
  /** Makes the sessions that a server holds; absent for dialects that have none. */
  readonly sessions?: (host: SessionHost) => HttpSessions;
  /** Which of several operations behind one URI is meant; undefined when the request does not say. */
  readonly operationOf?: (request: LegacyRequest) => string | undefined;
  /** Answers what anybody may read, before it is asked who is there. */
  readonly openTo?: (request: LegacyRequest) => Promise<Response | undefined>;
  readonly credentialsOf: (request: LegacyRequest) => Credentials;
  /** Every refusal, in this dialect's words; without a route when none was found. */
  readonly refuse: (refusal: Refusal, request: LegacyRequest, route: Route | undefined) => Response;
}

import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  print,
  type VariableNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { markReady, schemaOfReady } from '../graphql/ready-lists.ts';

/** Compiles an operation of a document, by its name; null where it cannot. */
export type Compile = (document: DocumentNode, name: string) => CompiledQuery | null;

/** Compiles any operation; null for one that graphql-js has to run, and for one that nobody can. */
export const createCompile =
  (schema: GraphQLSchema): Compile =>
  (document, name) =>
    readsVariablesAlike(document) ? compiled(schema, copyOf(document), name) : null;

/** Compiles an operation whose pages can be read as the answer has them; null for others. */
export function createCompileReady(schema: GraphQLSchema): Compile {
  const readySchema = schemaOfReady(schema);
  return (document, name) => {
    if (!readsVariablesAlike(document)) return null;
    const own = copyOf(document);
    const operation = getOperationAST(own, name || null);
    return operation && markReady(schema, own, operation) ? compiled(readySchema, own, name) : null;
  };
}

/** Compiling writes into the nodes, and another operation of the document would read that. */
const copyOf = (document: DocumentNode) => parse(document.loc?.source ?? print(document));

function compiled(schema: GraphQLSchema, own: DocumentNode, name: string): CompiledQuery | null {
  const query = compileQuery(schema, own, name, { useExperimentalPathBasedSkipInclude: true });
  return isCompiledQuery(query) ? query : null;
}

/**
 * Whether a compiled operation understands its variables as GraphQL does. One inside of a literal would be null when it
 * is not given, and nothing inside of a JSON literal; and a non-null one with a default would have to be given.
 */
function readsVariablesAlike(document: DocumentNode): boolean {
  let isAlike = true;
  const findInside = {
    enter: (value: { readonly kind: Kind }) => {
      if ((value as VariableNode).kind === Kind.VARIABLE) isAlike = false;
    },
  };
  visit(document, {
    VariableDefinition: ({ type, defaultValue }) => {
      if (type.kind === Kind.NON_NULL_TYPE && defaultValue) isAlike = false;
    },
    ObjectValue: (value) => {
      visit(value, findInside);
    },
    ListValue: (value) => {
      visit(value, findInside);
    },
  });
  return isAlike;
}

import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type VariableNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

/** Compiles an operation; null for one that graphql-js has to run, and for one that nobody can. */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  name: string,
): CompiledQuery | null {
  if (!readsVariablesAlike(document)) return null;
  // A copy of its own: compiling writes into the nodes, and another operation of the document would read that.
  const own = parse(document.loc?.source ?? print(document));
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

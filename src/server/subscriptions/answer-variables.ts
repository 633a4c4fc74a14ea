import { type DocumentNode, Kind, visit } from 'graphql';

const known = new WeakMap<DocumentNode, readonly string[]>();

/**
 * The variables that what is answered depends on. Those that only say which changes are wanted (`after` and
 * `filter`) are not among them.
 */
export function answerVariables(document: DocumentNode): readonly string[] {
  const names = known.get(document) ?? namesIn(document);
  known.set(document, names);
  return names;
}

function namesIn(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Argument: (_node, _key, _parent, _path, ancestors) => {
      const owner = ancestors.at(-1);
      const isOfFeed =
        owner && 'kind' in owner && owner.kind === Kind.FIELD && owner.name.value === 'callChanges';
      return isOfFeed ? false : undefined;
    },
    Variable: ({ name }) => {
      names.add(name.value);
    },
  });
  return [...names].sort();
}

import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLNonNull,
  type GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { ReadyField } from '../model/ready-shape.ts';
import { type Document, fieldsBelow, readyFields } from './ready-fields.ts';

/** Pages whose nodes the store can write as an answer has them. */
const PAGES = new Set(['CallConnection', 'ExtensionConnection', 'PhoneCallEventConnection']);

/** By the field `nodes` of a compiled operation. */
const known = new WeakMap<FieldNode, readonly ReadyField[]>();

/** The fields of a page's nodes, where `markReady` has found that they can be read as the answer has them. */
export const readyFieldsOf = (node: FieldNode | undefined) => (node ? known.get(node) : undefined);

const READY = new GraphQLScalarType({
  name: 'ReadyNodes',
  description: 'The nodes of a page as JSON that is ready.',
});

/** The schema for operations that are marked: the nodes of a page are one value, whatever is asked for below. */
export const schemaOfReady = (schema: GraphQLSchema): GraphQLSchema =>
  mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config, name, typeName) => {
      if (name !== 'nodes' || !PAGES.has(typeName)) return undefined;
      return { ...config, type: new GraphQLNonNull(READY), resolve: ({ ready }) => ready };
    },
  });

/**
 * Marks the nodes of the pages in an operation, when those of all pages can be read ready: a query in a document
 * without directives, whose pages have no edges and each their own selection of nodes, of nothing but properties.
 * @returns whether there are any.
 */
export function markReady(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const { selectionSet } = operation;
  const root = schema.getQueryType();
  if (!root || operation.operation !== 'query' || hasDirective(document)) return false;
  const fragments = Object.fromEntries(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const whole = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '' }, selectionSet } as const;
  const found = pagesBelow({ schema, fragments }, root, [whole]);
  for (const [node, fields] of found ?? []) known.set(node, fields);
  return found !== null && found.length > 0;
}

function hasDirective(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}

type Found = [FieldNode, readonly ReadyField[]][];

/** The nodes of all pages below a type, or null when those of one of them cannot be ready. */
function pagesBelow(
  document: Document,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Found | null {
  const found: Found = [];
  const pages = new Set<string>();
  for (const same of fieldsBelow(document, type, nodes).values()) {
    const name = same[0]?.name.value ?? '';
    const below = belowField(document, type, name, same);
    // What is asked for twice below an object may be read once, with the nodes of both.
    const isTwice = pages.has(name) && type !== document.schema.getQueryType();
    if (!below || (below.length > 0 && isTwice)) return null;
    pages.add(name);
    found.push(...below);
  }
  return found;
}

function belowField(
  document: Document,
  parent: GraphQLObjectType,
  name: string,
  nodes: readonly FieldNode[],
): Found | null {
  const type = getNamedType(parent.getFields()[name]?.type);
  if (isObjectType(type)) {
    return PAGES.has(type.name)
      ? nodesOf(document, type, nodes)
      : pagesBelow(document, type, nodes);
  }
  if (!isAbstractType(type)) return [];
  const each = document.schema
    .getPossibleTypes(type)
    .map((possible) => pagesBelow(document, possible, nodes));
  return each.includes(null) ? null : each.flatMap((found) => found ?? []);
}

/** The field `nodes` of a page; none when it is not asked for. */
function nodesOf(
  document: Document,
  page: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Found | null {
  const fields = [...fieldsBelow(document, page, nodes).values()];
  if (fields.some(([first]) => first?.name.value === 'edges')) return null;
  const rows = fields.filter(([first]) => first?.name.value === 'nodes');
  const [[node, another] = [], more] = rows;
  if (!node) return [];
  const type = getNamedType(page.getFields()['nodes']?.type);
  if (another || more || !isObjectType(type)) return null;
  const ready = readyFields(document, type, [node]);
  return ready && [[node, ready]];
}

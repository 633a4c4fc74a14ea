import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { ReadyField } from '../model/ready-shape.ts';

/** What selections are read in. */
export interface Document {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
}

/** Objects that the store can write below a row. */
const PARTS = new Set(['participants', 'extension', 'owner']);
/** What JSON has of them is what the column is, by whose own rules it is never null or another word. */
const SAME = new Set(['ID', 'String', 'Int', 'Boolean']);

/** The fields of an object as an answer has them, where each is a property as the store has it; else null. */
export function readyFields(
  document: Document,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): readonly ReadyField[] | null {
  const fields: ReadyField[] = [];
  for (const [key, same] of fieldsBelow(document, type, nodes)) {
    // Of an object of JavaScript it is not a property like others: graphql-jit leaves it to graphql-js.
    const field = key === '__proto__' ? null : readyField(document, type, key, same);
    if (!field) return null;
    fields.push(field);
  }
  return fields;
}

/** What is asked for below these nodes of a type, by the keys of the answer. No variable has a say in it. */
export const fieldsBelow = (
  { schema, fragments }: Document,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
) => collectSubFields(schema, fragments, {}, type, [...nodes]).fields;

function readyField(
  document: Document,
  parent: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
): ReadyField | null {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') return { key, is: 'TYPE', typeName: parent.name };
  const field = parent.getFields()[name];
  if (!field || field.resolve) return null;
  const type = getNamedType(field.type);
  if (isLeafType(type)) return leaf(key, name, type);
  const below = isObjectType(type) && PARTS.has(name) && readyFields(document, type, nodes);
  return below ? { key, is: 'PART', name, below } : null;
}

function leaf(key: string, name: string, type: GraphQLLeafType): ReadyField | null {
  if (type.name === 'DateTime') return { key, is: 'MOMENT', name };
  if (!isEnumType(type)) return SAME.has(type.name) ? { key, is: 'VALUE', name } : null;
  const isSame = type.getValues().every(({ name: word, value }) => word === value);
  return isSame ? { key, is: 'WORD', name } : null;
}

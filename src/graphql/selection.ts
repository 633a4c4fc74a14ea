import { collectSubFields } from '@graphql-tools/utils';
import {
  type ASTNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
  visit,
} from 'graphql';
import type { ReadyField } from '../model/ready-shape.ts';
import { readyFieldsOf } from './ready-lists.ts';

/** A field as it was asked for below some parent. */
export interface Selected {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly below: Selection;
  /** Of the nodes of a page that are read ready. */
  readonly ready?: readonly ReadyField[];
}

/** What was asked for of an object: fragments, `@skip` and `@include` are resolved. */
export type Selection = readonly Selected[];

/** Whether any of the fields has this name. */
export const has = (selection: Selection, name: string) =>
  selection.some((field) => field.name === name);

/** What was asked for below all fields of this name, taken together; of a single one it is what that has, by which it is known again. */
export function below(selection: Selection, name: string): Selection {
  const found = selection.filter((field) => field.name === name);
  const [only] = found;
  return only && found.length === 1 ? only.below : found.flatMap((field) => field.below);
}

/** By the nodes of a field, which a compiled operation has for good. */
const constant = new WeakMap<readonly FieldNode[], Selection | null>();

/** What the field under resolution was asked for. */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const known = constant.get(info.fieldNodes);
  if (known) return known;
  const type = getNamedType(info.returnType);
  const selection = isObjectType(type) ? fieldsOf(info, type, info.fieldNodes) : [];
  if (known === undefined) {
    constant.set(info.fieldNodes, dependsOnVariables(info) ? null : selection);
  }
  return selection;
}

/** Whether variables have a say in what is below the field; its own arguments do not count. */
function dependsOnVariables({ fieldNodes, fragments }: GraphQLResolveInfo): boolean {
  let found = false;
  const seen = new Set<string>();
  const look = (node: ASTNode) =>
    visit(node, {
      Variable: () => {
        found = true;
      },
      FragmentSpread: ({ name: { value } }) => {
        const fragment = fragments[value];
        if (!fragment || seen.has(value)) return;
        seen.add(value);
        look(fragment);
      },
    });
  for (const { selectionSet } of fieldNodes) if (selectionSet) look(selectionSet);
  return found;
}

/** What was asked for of one of the types that an interface or a union stands for. */
export function selectionOn(info: GraphQLResolveInfo, typeName: string): Selection {
  const type = info.schema.getType(typeName);
  return isObjectType(type) ? fieldsOf(info, type, info.fieldNodes) : [];
}

function fieldsOf(
  info: GraphQLResolveInfo,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Selection {
  const { schema, fragments, variableValues } = info;
  const { fields } = collectSubFields(schema, fragments, variableValues, parent, [...nodes]);
  return [...fields.values()].flatMap((same) => selected(info, parent, same));
}

function selected(
  info: GraphQLResolveInfo,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Selected[] {
  const [node] = nodes;
  const field = node && parent.getFields()[node.name.value];
  if (!field) return [];
  const type = getNamedType(field.type);
  const args = getArgumentValues(field, node, info.variableValues);
  const ready = readyFieldsOf(node);
  const below = isObjectType(type) ? fieldsOf(info, type, nodes) : [];
  return [{ name: node.name.value, args, below, ...(ready && { ready }) }];
}

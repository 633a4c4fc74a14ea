import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

const CONDITIONS = new Set(['skip', 'include']);

/**
 * Refuses a subscription whose root field is on a condition, as GraphQL does since September 2025. graphql-js 16 lets
 * it pass, and then finds no field to subscribe to, or no value of the condition's variable.
 */
export const plainRoots = (): Plugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(plainRootsRule),
});

/** At the document's beginning, before graphql-js's own rule for operations fails of such a variable. */
const plainRootsRule = (context: ValidationContext): ASTVisitor => ({
  Document({ definitions }) {
    const isBad = definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === 'subscription' &&
        hasCondition(context, definition.selectionSet, new Set()),
    );
    if (isBad) throw onCondition();
  },
});

const onCondition = () =>
  new GraphQLError("A subscription's root field takes neither `@skip` nor `@include`.");

/** Looks through fragments, but not below the fields. */
function hasCondition(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  seen: Set<string>,
): boolean {
  return selections.some((selection) => {
    if (selection.directives?.some(({ name }) => CONDITIONS.has(name.value))) return true;
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return hasCondition(context, selection.selectionSet, seen);
    if (selection.kind === Kind.FIELD || seen.has(selection.name.value)) return false;
    seen.add(selection.name.value);
    const fragment = context.getFragment(selection.name.value);
    return !!fragment && hasCondition(context, fragment.selectionSet, seen);
  });
}

import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { lacksScope, type Principal } from '../auth/principal.ts';
import { GatewayError } from '../model/errors.ts';

/** What names a call or another node, and says nothing more of it; VoipNow names an event by its type, too. */
const NAMES = new Set(['id', 'identifiers', 'type', '__typename']);

const forbidden = (message: string): ExecutionResult => ({
  errors: [new GraphQLError('', { originalError: new GatewayError('FORBIDDEN', message) })],
});
const MAY_NOT_READ = forbidden(lacksScope('READ'));
const IDS_ALONE = forbidden(
  `${lacksScope('READ')} Of what a mutation gives it has \`id\` and \`identifiers\` alone.`,
);

interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly principal: Principal;
}

/** The refusal of whoever lacks READ and reads, be it by what a mutation gives; null of everybody else. */
export function refuseReading(asked: Asked): ExecutionResult | null {
  if (asked.principal.scopes.includes('READ')) return null;
  if (asked.operation.operation === 'query') return MAY_NOT_READ;
  return asksForIdsAlone(asked) ? null : IDS_ALONE;
}

function asksForIdsAlone({ schema, document, operation: { name } }: Asked): boolean {
  const own = separateOperations(document)[name?.value ?? ''] ?? document;
  const types = new TypeInfo(schema);
  let isSo = true;
  const Field = (field: FieldNode) => {
    if (isNode(types.getParentType()) && !NAMES.has(field.name.value)) isSo = false;
  };
  visit(own, visitWithTypeInfo(types, { Field }));
  return isSo;
}

/** Whether it is one of the nouns that have ids of their own. */
const isNode = (type: unknown) =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

import { GatewayError } from '../../model/errors.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { isStorable } from '../tame.ts';
import { action } from './action.ts';
import { valuesOf } from './parameters.ts';
import { selectorOf } from './selector.ts';

const AttachMetaData = graphql(`
  mutation VerbaAttachMetaData($input: AttachUserDataInput!) {
    attachUserData(input: $input) { clientMutationId }
  }
`);

/** Attach Metadata: the values of custom fields become the call's user data. */
export const attachMetaData = action({
  operation: 'AttachMetaData',
  document: AttachMetaData,
  variables: (request) => ({
    input: { selector: selectorOf(request), userData: fieldsOf(request) },
  }),
});

function fieldsOf(request: LegacyRequest): Record<string, string> {
  const sent = new Set([...request.query.keys(), ...request.form.keys()]);
  const names = [...sent].filter((name) => /^customVariable[1-9]\d{0,2}$/.test(name));
  if (names.length === 0) {
    throw new GatewayError('BAD_INPUT', 'One of customVariable1, customVariable2... is mandatory.');
  }
  return Object.fromEntries(names.map((name) => [name, fieldOf(request, name)]));
}

function fieldOf(request: LegacyRequest, name: string): string {
  const [value = '', another] = valuesOf(request, name);
  if (another === undefined && isStorable(value)) return value;
  throw new GatewayError(
    'BAD_INPUT',
    `${name} is given more than once, malformed, or not in UTF-8.`,
  );
}

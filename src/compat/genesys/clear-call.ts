import type { Execute, Route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { isInvited } from './call-capabilities.ts';
import { operation } from './call-operation.ts';
import { standingOf } from './permission.ts';

const ForAll = graphql(
  `mutation GenesysClearCall($input: HangupPhoneCallInput!) { hangupPhoneCall(input: $input) { clientMutationId } }`,
);
const Decline = graphql(
  `mutation GenesysDecline($input: LeaveCallInput!) { leaveCall(input: $input) { clientMutationId } }`,
);

const forAll = operation({ name: 'ClearCall', document: ForAll });
const decline = operation({ name: 'ClearCall', document: Decline });

/** Ends the call for all; but of whom those who talk would have with them it is only the invitation that ends. */
export const clearCall: Route = {
  ...forAll,
  answer: async (request, params, execute) => {
    const wanted = (await isInvitation(params['id'] ?? '', execute)) ? decline : forAll;
    return wanted.answer(request, params, execute);
  },
};

async function isInvitation(id: string, execute: Execute): Promise<boolean> {
  const standing = await standingOf(id, execute);
  return standing !== null && isInvited(standing.call, standing.state);
}

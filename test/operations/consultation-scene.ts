import { consultCall } from '../../src/operations/consult-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import type { Lab } from '../support/lab.ts';

export const OUTSIDE = '0722000111';
export const EXPERT = '0722000222';

/** Alice talks with an expert, or somebody else, about a customer who waits. */
export async function consultAlone(lab: Lab, to = EXPERT) {
  const { front } = lab.organization.numbers;
  const { id: callId } = await lab.adopt([OUTSIDE, front], { userData: { crm: '42' } });
  const input = { callId, to, userData: { why: 'price' } };
  const { consultationId } = await consultCall(lab.as('alice'), input);
  await lab.clock.advance(to === EXPERT ? 1000 : 6000);
  await lab.settled();
  return { callId, consultationId };
}

/** Number and state of each, as the row has them once all is recorded. */
export async function partiesIn(lab: Lab, callId: string): Promise<string[]> {
  await lab.settled();
  const { participants = [] } = await findCall(lab.as('alice'), { callId });
  return participants.map(({ number, state }) => `${number} ${state}`);
}

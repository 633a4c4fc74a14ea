import { isCallerName, isDialable } from '../../model/phone-number.ts';
import { Fault } from './fault.ts';
import { orBare, text } from './payload.ts';

const RULE = 'must be a text such as John Doe <4242425>';
const sent = orBare(text(RULE).max(128, { error: RULE }), RULE);
const callerId = sent.nullish().describe('Such as `John Doe <4242425>`.');

/** What every view of Create may have besides who calls whom. */
export const CALLER_FIELDS = { callerId, callerID: callerId, callerDestination: callerId };

const ofAction = sent
  .refine((one) => nameIn(one) !== undefined, { error: RULE })
  .nullish()
  .describe('Such as `John Doe <4242425>`. Has no effect.');

/** The same of an action that rings somebody. */
export const CALLER_OF_ACTION = { callerId: ofAction, callerID: ofAction };

/** The name alone, null for a number: whose number a call is from is for the switch to say. Refuses what is neither. */
export function callerNameIn(callerId: string): string | null {
  const name = nameIn(callerId);
  if (name !== undefined) return name;
  throw new Fault('pc_callerid_invalid', `The callerId ${RULE}.`);
}

/** Undefined for what is malformed. */
function nameIn(callerId: string): string | null | undefined {
  const name = callerId.replace(/\s*<[^<>]*>\s*$/, '').trim();
  if (name === '' || isDialable(name)) return null;
  return isCallerName(name) ? name : undefined;
}

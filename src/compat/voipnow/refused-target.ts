import { type ErrorCode, GatewayError } from '../../model/errors.ts';
import { Fault } from './fault.ts';

/** What the mutation of an action refuses of a number: the path's has been found by then. */
const RULES: Partial<Record<ErrorCode, string>> = {
  EXTENSION_NOT_FOUND: 'must be the number of an extension that you may use',
  EXTENSION_TYPE_NOT_ALLOWED: 'must be a phone terminal',
  PHONE_NUMBER_INVALID: 'must be an extension, or a number that can be dialled',
};

/** What the schema calls `to` is `sendCallTo` here. */
const TO = /^`to` (.+)\.$/;

/** Throws what was refused; of whom an action sends the call to in VoipNow's words. */
export function refusedTarget(error: unknown): never {
  if (!(error instanceof GatewayError)) throw error;
  const { code, message } = error;
  const rule = RULES[code] ?? TO.exec(message)?.[1];
  if (rule !== undefined) throw new Fault('pc_sendcallto_invalid', `The sendCallTo ${rule}.`);
  if (!message.includes('`to`')) throw error;
  throw new GatewayError(code, message.replaceAll('`to`', 'the sendCallTo'), { cause: error });
}

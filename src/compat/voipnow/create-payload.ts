import { z } from 'zod';
import { GatewayError } from '../../model/errors.ts';
import { isDialable } from '../../model/phone-number.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CALL_FIELDS, NONCE } from './call-resource.ts';
import { type CALLER_FIELDS, callerNameIn } from './caller-id.ts';
import { Fault } from './fault.ts';
import { onlyOne } from './only-one.ts';
import { numberIn, orBare, readPayload, text } from './payload.ts';
import { fieldsOf } from './standard-parameters.ts';
import { wishesFor } from './wishes.ts';

/** What is said of a number that is none. */
export const NUMBERS_RULE = 'must be a number that can be dialled, or a list of them';
const dialable = orBare(text(NUMBERS_RULE), NUMBERS_RULE).refine(isDialable, {
  error: NUMBERS_RULE,
});
/** Pages print lists, and 4PSA's own samples send plain texts. */
export const numbers = z
  .union([dialable.transform((one) => [one]), z.array(dialable).min(1, { error: NUMBERS_RULE })], {
    error: NUMBERS_RULE,
  })
  .describe('A number, or a list of them.');

const EXTENSION_RULE = 'must be the number of an extension';
const NONCE_RULE = 'must be a text of at most 255 characters';
const VIEW_RULE = 'must be a list of one object';

const listOf = (sent: unknown) =>
  typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? [sent] : sent;

/** The payload of Create, with the one view that it takes. */
export const payloadOf = <View extends z.ZodRawShape>(view: View, extension: string) =>
  z.object({
    extension: orBare(
      text(EXTENSION_RULE).min(1, { error: EXTENSION_RULE }),
      EXTENSION_RULE,
    ).describe(extension),
    phoneCallView: z
      .preprocess(
        listOf,
        z
          .array(z.object(view, { error: VIEW_RULE }), { error: VIEW_RULE })
          .length(1, { error: VIEW_RULE }),
      )
      .describe('Who calls whom: a list of one view, or the view alone.'),
    nonce: orBare(text(NONCE_RULE).max(255, { error: NONCE_RULE }), NONCE_RULE)
      .nullish()
      .describe('Comes back with the call.'),
  });

const wordOf = (field: string) =>
  field === 'extension' ? 'extension_invalid' : `pc_${field.toLowerCase()}_invalid`;

/** Reads the body of Create; no extension is everybody's own. */
export function readCreate<Shape extends z.ZodObject>(shape: Shape, request: LegacyRequest) {
  const payload = readPayload(shape, request, wordOf);
  if (payload['extension'] === '@self') throw new GatewayError('EXTENSION_NOT_FOUND');
  return payload;
}

/** What the query and the view say of how the call is to be. */
export function mannerOf(
  request: LegacyRequest,
  view: z.output<z.ZodObject<typeof CALLER_FIELDS>> | undefined,
  nonce: string | null | undefined,
) {
  const { query } = request;
  fieldsOf(query, CALL_FIELDS); // before anything rings
  return {
    ...{ ringSeconds: secondsOf(query), maxSeconds: durationOf(request) },
    // What the destination sees; the other is for the source, who is the caller himself.
    callerName: callerNameIn(view?.callerDestination ?? view?.callerId ?? view?.callerID ?? ''),
    userData: typeof nonce === 'string' ? { [NONCE]: nonce } : null,
  };
}

const seconds = numberIn(1, 300);

/** The page's standard is 25 s; ours is the switch's. */
function secondsOf(query: URLSearchParams): number | null {
  const sent = onlyOne(query, 'waitForPickup', 'pc_waitforpickup_invalid');
  if (!sent) return null;
  const read = seconds.safeParse(sent);
  if (read.success) return read.data;
  throw new Fault('pc_waitforpickup_invalid', 'The waitForPickup must be a number from 1 to 300.');
}

const duration = numberIn(1, 86_400);

/** The page has it in the query; a limit that somebody has written elsewhere is meant, too. */
function durationOf(request: LegacyRequest): number | null {
  const [sent] = wishesFor(request, 'callDuration');
  if (sent === undefined) return null;
  const read = duration.safeParse(sent);
  if (read.success) return read.data;
  throw new Fault('pc_callduration_invalid', 'The callDuration must be a number from 1 to 86400.');
}

import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, GatewayError } from '../../src/model/errors.ts';
import { ask, type Question } from './asking.ts';

const bearer = { authorization: 'Bearer demo-alice-token' };
const GOOD: Record<string, Question> = {
  events: {
    method: 'DELETE',
    target: '/uapi/extensions/@me/0003*210/phoneCallEvents',
    headers: bearer,
  },
  phoneCalls: { method: 'DELETE', target: '/uapi/phoneCalls/@me/0003*210', headers: bearer },
  genesys: {
    method: 'POST',
    target: '/api/v2/me/calls/01RCC3N118B1V0SL807GK2LAES00000R',
    headers: bearer,
    body: '{"operationName":"DeleteUserData"}',
  },
  verba: { method: 'GET', target: '/verba/api?action=DeleteCall&apiKey=k&nativeID=TRS26140192' },
};

// Object.keys forgets what the keys are.
const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const each = Object.keys(GOOD).flatMap((place) => codes.map((code) => ({ place, code })));

/** Status and code, in each dialect's words. */
async function wordsFor(place: string, outcome: Error) {
  const question = GOOD[place];
  if (!question) throw new Error(`no question for ${place}`);
  const { response, text, faults } = await ask({ ...question, outcome });
  expect(faults).toEqual([]);
  const code = /"code":"(\w+)"|"statusCode":(\d+)|code="(\d+)"/.exec(text)?.slice(1).join('');
  return { status: response?.status, code, text, retryAfter: response?.headers.get('retry-after') };
}

test.each(each)('$code has words in $place', async ({ place, code }) => {
  const { status, code: word, text } = await wordsFor(place, new GatewayError(code));

  expect(word).toMatch(place === 'verba' ? /^[1-5]$/ : /\w/);
  expect(text).not.toContain('"code":"internal_server_error","message":"Internal');
  const isServersFault = /^(SWITCH_\w+|NOT_SUPPORTED|UNAVAILABLE)$/.test(code);
  if (!isServersFault) expect(status).toBeLessThan(500);
  if (place !== 'verba') expect(status).toBeGreaterThanOrEqual(400);
});

test.each([
  ['events', 'UNAUTHENTICATED', 401, 'access_denied'],
  ['events', 'UNAVAILABLE', 503, 'internal_server_error'],
  ['events', 'FORBIDDEN', 400, 'pce_access_denied'],
  ['events', 'USER_NOT_FOUND', 400, 'user_invalid'],
  ['events', 'EXTENSION_NOT_FOUND', 400, 'extension_invalid'],
  ['events', 'EXTENSION_TYPE_NOT_ALLOWED', 400, 'extension_invalid'],
  ['events', 'EVENT_NOT_FOUND', 400, 'pce_id_invalid'],
  ['events', 'EVENT_TYPE_INVALID', 400, 'pce_type_invalid'],
  ['phoneCalls', 'UNAUTHENTICATED', 401, 'access_denied'],
  ['phoneCalls', 'FORBIDDEN', 403, 'access_denied'],
  ['phoneCalls', 'CALL_NOT_FOUND', 400, 'pc_phonecall_invalid'],
  ['phoneCalls', 'PHONE_NUMBER_INVALID', 400, 'pc_phonenumber_invalid'],
  ['phoneCalls', 'PARTY_AMBIGUOUS', 400, 'pc_phonenumber_invalid'],
  ['phoneCalls', 'NOT_SUPPORTED', 501, 'request_not_implemented'],
  ['phoneCalls', 'RATE_LIMITED', 429, 'request_limit_exceeded'],
  ['phoneCalls', 'SWITCH_FAILED', 500, 'internal_server_error'],
  ['phoneCalls', 'SWITCH_UNAVAILABLE', 503, 'internal_server_error'],
  ['genesys', 'UNAUTHENTICATED', 403, '20'],
  ['genesys', 'FORBIDDEN', 403, '5'],
  ['genesys', 'UNAVAILABLE', 503, '4'],
  ['genesys', 'CALL_NOT_FOUND', 404, '6'],
  ['genesys', 'WRONG_STATE', 400, '2'],
  ['genesys', 'SWITCH_UNAVAILABLE', 500, '4'],
  ['verba', 'UNAUTHENTICATED', 200, '4'],
  ['verba', 'FORBIDDEN', 200, '4'],
  ['verba', 'UNAVAILABLE', 503, '1'],
  ['verba', 'CALL_NOT_FOUND', 200, '2'],
  ['verba', 'CALL_AMBIGUOUS', 200, '5'],
  ['verba', 'BAD_INPUT', 200, '3'],
  ['verba', 'LEGAL_HOLD', 200, '1'],
] as const)('%s: %s is %i %s', async (place, code, status, word) => {
  const said = await wordsFor(place, new GatewayError(code));

  expect(said).toMatchObject({ status, code: word });
});

test.each(Object.keys(GOOD))('%s says when to come back', async (place) => {
  const outcome = new GatewayError('RATE_LIMITED', undefined, { retryAfter: 7 });

  const said = await wordsFor(place, outcome);

  expect(said).toMatchObject({ status: 429, retryAfter: '7' });
});

test.each([
  ['events', 500, 'internal_server_error'],
  ['phoneCalls', 500, 'internal_server_error'],
  ['genesys', 500, '4'],
  ['verba', 200, '1'],
])('%s: a bug leaves as an internal error and is told', async (place, status, code) => {
  const bug = new Error('the password is swordfish');

  const said = await wordsFor(place, bug);

  expect(said).toMatchObject({ status, code });
  expect(said.text).not.toContain('swordfish');
  expect((await ask({ method: 'GET', target: '/', ...GOOD[place], outcome: bug })).bugs).toEqual([
    bug,
  ]);
});

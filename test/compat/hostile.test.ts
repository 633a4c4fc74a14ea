import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, GatewayError } from '../../src/model/errors.ts';
import { ask, lockedOut, type Reply } from './asking.ts';
import { hostile } from './hostile.ts';

/** No bad input is the server's fault; 501 is VoipNow's word for an operation that it does not have. */
function expectClear({ response, text, faults, bugs }: Reply) {
  expect(bugs).toEqual([]);
  expect(faults).toEqual([]);
  if (!response || response.status === 501) return;
  expect(response.status).toBeLessThan(500);
  expect(text).not.toBe('');
}

// A failure of a switch or of a database is nobody's bad input. Object.keys forgets what the keys are.
const codes = (Object.keys(ERROR_CODES) as ErrorCode[]).filter(
  (code) => !code.startsWith('SWITCH_') && code !== 'UNAVAILABLE',
);

test('bad input gets a clear refusal, and the schema only what it takes', () =>
  fc.assert(
    fc.asyncProperty(hostile, fc.constantFrom(...codes), async (question, code) => {
      expectClear(await ask({ ...question, outcome: new GatewayError(code) }));
    }),
    { numRuns: 2000 },
  ));

test('whoever is not let in learns nothing but that', () =>
  fc.assert(
    fc.asyncProperty(hostile, async (question) => {
      const reply = await ask({ ...question, executeAs: lockedOut });

      expectClear(reply);
      expect(reply.variables).toEqual([]);
      if (reply.response)
        expect(reply.text).toMatch(/access_denied|"statusCode":20|code="4"|No valid credentials/);
    }),
    { numRuns: 1000 },
  ));

test('what is run holds nothing that a database cannot store', () =>
  fc.assert(
    fc.asyncProperty(hostile, async (question) => {
      const { variables, credentials } = await ask(question);

      const texts = JSON.stringify([variables, credentials]);
      expect(texts).not.toMatch(/\\u0000|\\ud[89a-f]/);
    }),
    { numRuns: 1000 },
  ));

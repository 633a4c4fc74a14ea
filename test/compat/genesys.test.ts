import { describe, expect, test } from 'vitest';
import { ask, lockedOut, type Question } from './asking.ts';

const CALL = '/api/v2/me/calls/01RCC3N118B1V0SL807GK2LAES00000R';
const post = (body: string, more: Partial<Question> = {}) =>
  ask({ method: 'POST', target: CALL, headers: { authorization: 'Bearer t' }, body, ...more });
const DELETE = '{"operationName":"DeleteUserData"}';

test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
  'the operation is done whatever the content type: %s',
  async (type) => {
    const { variables, faults } = await post(DELETE, {
      target: `${CALL}/`,
      headers: { authorization: 'Bearer t', 'content-type': type },
    });

    expect(faults).toEqual([]);
    const identifier = { scheme: 'GENESYS', value: '01RCC3N118B1V0SL807GK2LAES00000R' };
    expect(variables).toEqual([{ input: { identifier } }]);
  },
);

describe('refused before anything is done:', () => {
  test.each([
    ['no body', '', 400, 10],
    ['no JSON', '{"operationName":', 400, 10],
    ['a form', 'operationName=DeleteUserData', 400, 10],
    ['an array', `[${DELETE}]`, 400, 10],
    ['null', 'null', 400, 10],
    ['a number for a name', '{"operationName":1}', 400, 10],
    ['a deep nest', '['.repeat(200_000), 400, 10],
    [
      'a number beyond what is kept',
      `{"operationName":"AttachUserData","userData":{"a":1e400}}`,
      400,
      10,
    ],
    ['an unknown name beside such a number', `{"operationName":"X","a":[1e400]}`, 400, 2],
    ['no name', '{}', 400, 1],
    ['an empty name', '{"operationName":""}', 400, 1],
    ['null for a name', '{"operationName":null}', 400, 1],
    ['an unknown name', '{"operationName":"Explode"}', 400, 2],
    ['a name from the prototype', '{"operationName":"constructor"}', 400, 2],
    ['half a character', '{"operationName":"\\ud800"}', 400, 2],
  ])('%s', async (_, body, status, statusCode) => {
    const { response, text, variables } = await post(body);

    expect(variables).toEqual([]);
    expect(response?.status).toBe(status);
    expect(JSON.parse(text)).toEqual({ statusCode, statusMessage: expect.stringMatching(/\w/) });
  });

  test.each([
    ['an unknown path', { target: '/api/v2/me/nothing' }],
    ['the base itself', { target: '/api/v2' }],
    ['another method', { method: 'PUT' }],
    ['a bad escape', { target: '/api/v2/me/calls/%zz' }],
    ['a NUL', { target: '/api/v2/me/calls/%00' }],
  ])('%s', async (_, more) => {
    const { response, text } = await post(DELETE, more);

    expect(response?.status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ statusCode: 6 });
  });
});

describe('credentials', () => {
  const token = { kind: 'token', token: 'demo-alice-token' };

  test.each([
    ['Bearer', { authorization: 'Bearer demo-alice-token' }, token],
    [
      'Basic',
      { authorization: `Basic ${btoa('alice:de:mo')}` },
      { kind: 'password', username: 'alice', password: 'de:mo' },
    ],
    ['the cookie', { cookie: 'a=b; JSESSIONID=demo-alice-token; c=d' }, token],
    ['the quoted cookie', { cookie: 'JSESSIONID="demo-alice-token"' }, token],
    [
      'the header before the cookie',
      { authorization: 'Bearer demo-alice-token', cookie: 'JSESSIONID=x' },
      token,
    ],
    ['another cookie', { cookie: 'XJSESSIONID=demo-alice-token' }, { kind: 'none' }],
    ['nothing', {}, { kind: 'none' }],
    ['a NUL in Basic', { authorization: `Basic ${btoa('ali\0ce:demo')}` }, { kind: 'none' }],
  ])('%s', async (_, headers, credentials) => {
    expect((await post(DELETE, { headers })).credentials).toEqual([credentials]);
  });

  test('are looked at before everything else', async () => {
    const { response, text } = await post('{', { target: '/api/v2/%zz', executeAs: lockedOut });

    expect(response?.status).toBe(403);
    expect(JSON.parse(text)).toEqual({ statusCode: 20, statusMessage: 'Access denied' });
  });
});

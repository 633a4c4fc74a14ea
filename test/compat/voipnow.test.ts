import { describe, expect, test } from 'vitest';
import { ask, lockedOut, type Question } from './asking.ts';

const headers = { authorization: 'Bearer demo-alice-token' };
const del = (target: string, more: Partial<Question> = {}) =>
  ask({ method: 'DELETE', target, headers, ...more });

const inputOf = async (target: string) => (await del(target)).variables;
const EVENTS = '/uapi/extensions/@me/0003*210/phoneCallEvents';
const CALLS = '/uapi/phoneCalls/@me/0003*210';

describe('deleting events asks for', () => {
  const all = { owner: '@me', extension: '0003*210', type: null, eventId: null };

  test.each([
    ['all', EVENTS, all],
    ['all, with a slash', `${EVENTS}/`, all],
    ['all, under the older name', EVENTS.replace('uapi', 'unifiedapi'), all],
    ['all, with escapes', '/uapi/extensions/%40me/0003%2A210/phoneCallEvents', all],
    ['a type', `${EVENTS}/4`, { ...all, type: 4 }],
    ['one', `${EVENTS}/0/Nqey/`, { ...all, type: 0, eventId: 'Nqey' }],
    ['one, by its id alone', `${EVENTS}/Nqey/`, { ...all, eventId: 'Nqey' }],
    ['one, decoded once', `${EVENTS}/0/a%2541`, { ...all, type: 0, eventId: 'a%41' }],
  ])('%s', async (_, target, input) => {
    expect(await inputOf(target)).toEqual([{ input }]);
  });
});

describe('hanging up asks for', () => {
  const all = { owner: '@me', extension: '0003*210', identifier: null, phoneNumber: null };
  const identifier = { scheme: 'VOIPNOW', value: '7d28' };

  test.each([
    ['all calls of an extension', CALLS, all],
    ['all calls of a user', '/uapi/phoneCalls/12/@self', { ...all, owner: '12', extension: null }],
    ['one', `${CALLS}/7d28/`, { ...all, identifier }],
    [
      'one party',
      `${CALLS}/7d28?phoneNumber=8887777`,
      { ...all, identifier, phoneNumber: '8887777' },
    ],
    ['one party, plus escaped', `${CALLS}?phoneNumber=%2B40`, { ...all, phoneNumber: '+40' }],
    ['one party, plus unescaped', `${CALLS}?phoneNumber=+40`, { ...all, phoneNumber: '+40' }],
    [
      'one of an unknown extension',
      '/uapi/phoneCalls/@owner/@self/7d28',
      { ...all, owner: '@owner', extension: null, identifier },
    ],
    ['all, whatever chooses nothing', `${CALLS}?fields=id&sortOder=x&sortOrder=&_=1`, all],
  ])('%s', async (_, target, input) => {
    expect(await inputOf(target)).toEqual([{ input }]);
  });
});

describe('null counts as absent', () => {
  const view = { source: null, destination: '15001', callerId: null };
  const url = 'https://crm.example/hook';

  test.each([
    [
      'in a call to be placed',
      '/uapi/phoneCalls/@me/simple',
      { extension: '210', phoneCallView: [view], nonce: null },
      { extension: '210', to: '15001', userData: null },
    ],
    [
      'in an event to be made',
      `${EVENTS}/2`,
      { type: null, method: 0, url, status: null, note: null },
      { type: 2, method: 'GET', status: null, note: null },
    ],
  ])('%s', async (_, target, sent, input) => {
    const { variables } = await del(target, { method: 'POST', body: JSON.stringify(sent) });

    expect(variables).toMatchObject([{ input }]);
  });
});

describe('refused before anything is done:', () => {
  test.each([
    [`${EVENTS}/5`, 400, 'pce_type_invalid'],
    [`${EVENTS}/00`, 400, 'pce_type_invalid'],
    [`${EVENTS}/-1/x`, 400, 'pce_type_invalid'],
    [`${EVENTS}/%zz`, 400, 'pce_type_invalid'],
    [`${EVENTS}/0/%00`, 400, 'pce_id_invalid'],
    [`${EVENTS}/0/%ED%A0%80`, 400, 'pce_id_invalid'],
    [`${EVENTS}/0/${'x'.repeat(256)}`, 400, 'pce_id_invalid'],
    ['/uapi/extensions/@me/@self/phoneCallEvents', 400, 'extension_invalid'],
    ['/uapi/extensions/@me/%/phoneCallEvents', 400, 'extension_invalid'],
    ['/uapi/extensions/%C0/1/phoneCallEvents', 400, 'user_invalid'],
    [`${CALLS}/%ff`, 400, 'pc_phonecall_invalid'],
    [`${CALLS}/7d28?phoneNumber=`, 400, 'pc_phonenumber_invalid'],
    [`${CALLS}?phoneNumber`, 400, 'pc_phonenumber_invalid'],
    [`${CALLS}?phoneNumber=a`, 400, 'pc_phonenumber_invalid'],
    [`${CALLS}?phoneNumber=1&phoneNumber=2`, 400, 'pc_phonenumber_invalid'],
    [`${CALLS}?phoneNumber=%00`, 400, 'pc_phonenumber_invalid'],
    [`${CALLS}?phoneNumber=${'1'.repeat(5000)}`, 400, 'pc_phonenumber_invalid'],
    [`${CALLS}?filterBy=extension&filterValue=210`, 400, 'filterby_invalid'],
    [`${CALLS}?filterBy=&filterValue=`, 400, 'filterby_invalid'],
    [`${CALLS}/7d28?filterOp=`, 400, 'filterby_invalid'],
    [`${CALLS}?filterValue[]=7d28`, 400, 'filterby_invalid'],
    [`${CALLS}?filterBy=id&filterValue=`, 400, 'filtervalue_invalid'],
    [`${CALLS}?filterBy=published&filterValue=soon`, 400, 'filtervalue_invalid'],
    [`${CALLS}?filterBy=id&filterOp=like&filterValue=7d28`, 400, 'filterop_invalid'],
    [`${CALLS}?filterby=id&filterValue=7d28`, 400, 'request_invalid'],
    [`${CALLS}?filterBy=id&filterValue[0]=7d28`, 400, 'request_invalid'],
    [`${CALLS}?phoneNumber[]=1`, 400, 'request_invalid'],
    [`${CALLS}?phoneNumber%5B0%5D=1`, 400, 'request_invalid'],
    [`${CALLS}/7d28?phonenumber=1`, 400, 'request_invalid'],
    [`${CALLS}?phoneNumber=1&id=7d28`, 400, 'request_invalid'],
    [`${EVENTS}?id=Nqey`, 400, 'request_invalid'],
    [`${EVENTS}/0?filterBy=url&filterValue=a`, 400, 'request_invalid'],
    [`${EVENTS}?=`, 400, 'request_invalid'],
    [`${CALLS}/7d28?count=abc&startIndex=-5`, 400, 'count_invalid'],
    [`${CALLS}?startIndex=-5`, 400, 'startindex_invalid'],
    [`${CALLS}?fields=nope`, 400, 'fields_invalid'],
    [`${CALLS}?sortOrder=sideways`, 400, 'sortorder_invalid'],
    [`${EVENTS}?fields=phoneCallView`, 400, 'fields_invalid'],
    ['/uapi/phoneCalls/@owner/@self', 400, 'extension_invalid'],
    ['/uapi/phoneCalls/@me', 501, 'request_not_implemented'],
    [`${CALLS}//`, 501, 'request_not_implemented'],
    [`${CALLS}/7d28/more`, 501, 'request_not_implemented'],
    ['/uapi', 501, 'request_not_implemented'],
  ])('%s', async (target, status, code) => {
    const { response, text, variables } = await del(target);

    expect(variables).toEqual([]);
    expect(response?.status).toBe(status);
    expect(response?.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(text)).toEqual({ error: { code, message: expect.stringMatching(/\w/) } });
  });

  test('another method', async () => {
    const { response, text } = await del(CALLS, { method: 'PATCH' });

    expect(response?.status).toBe(501);
    expect(text).toContain('request_not_implemented');
  });
});

describe('a parameter that comes twice is refused, not chosen from:', () => {
  const simple = '/uapi/phoneCalls/@me/simple';
  const body = '{"extension":"210","phoneCallView":[{"destination":["8887777"]}]}';

  test.each([
    ['GET', `${CALLS}?count=1&count=2`, 'count_invalid'],
    ['GET', `${CALLS}?count[]=1`, 'count_invalid'],
    ['GET', `${CALLS}?filterBy[]=id&filterValue=1`, 'filterby_invalid'],
    ['DELETE', `${CALLS}?count=1&count=2`, 'count_invalid'],
    ['DELETE', `${CALLS}?filterBy=id&filterValue=1&filterValue=2`, 'filtervalue_invalid'],
    ['DELETE', `${CALLS}?phoneNumber=1&phoneNumber=1`, 'pc_phonenumber_invalid'],
    ['GET', `${CALLS}?startIndex=0&startIndex=0`, 'startindex_invalid'],
    ['GET', `${CALLS}?sortOrder=asc&sortOrder=desc`, 'sortorder_invalid'],
    ['GET', `${CALLS}?filterBy=id&filterBy=published&filterValue=1`, 'filterby_invalid'],
    ['GET', `${CALLS}?filterBy=id&filterOp=equals&filterOp=contains`, 'filterop_invalid'],
    ['GET', `${CALLS}?filterBy=id&filterValue=1&filterValue=2`, 'filtervalue_invalid'],
    ['POST', `${simple}?waitForPickup=10&waitForPickup=20`, 'pc_waitforpickup_invalid'],
    ['POST', `${simple}?callDuration=10&callDuration=20`, 'pc_callduration_invalid'],
    ['POST', `${simple}?video=true&video=false`, 'pc_video_invalid'],
  ])('%s %s', async (method, target, code) => {
    const { response, text, variables } = await ask({
      ...{ method, target, headers },
      ...(method === 'POST' && { body }),
    });

    expect(variables).toEqual([]);
    expect(response?.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { code } });
  });
});

describe('part of a date is', () => {
  test.each([
    ...['2', '2026', '2026-1', '2026-12-3', '02-29', '6-02-29', '-31', '3T2', 'T23:59', '59Z', 'Z'],
    ...['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.5Z', '2026-11-22'],
  ])('%s', async (part) => {
    const target = `${CALLS}?filterBy=published&filterOp=contains&filterValue=${part}`;

    const { variables } = await ask({ method: 'GET', target, headers });

    expect(variables).toHaveLength(1);
  });

  test.each([
    ...[
      ['contains', '2026-13'],
      ['contains', '2026-02-30'],
      ['contains', '2026-11-22T25:00:00Z'],
    ],
    ...[
      ['contains', '9-02-29'],
      ['contains', 'T3'],
      ['contains', '6:60'],
      ['contains', 'ZZ'],
    ],
    ...[
      ['startsWith', '11-22T'],
      ['startsWith', '2026-00'],
      ['contains', ':::'],
    ],
  ])('not, by %s, %s', async (op, part) => {
    const target = `${CALLS}?filterBy=published&filterOp=${op}&filterValue=${part}`;

    const { text } = await ask({ method: 'GET', target, headers });

    expect(JSON.parse(text)).toMatchObject({ error: { code: 'filtervalue_invalid' } });
  });
});

test.each([
  [
    'a note that cannot be stored',
    String.raw`{"note":"a\u0000"}`,
    'The note must have whole characters alone, and no U+0000 or U+FFFD.',
  ],
  [
    'a nonce that cannot be stored',
    String.raw`{"extension":"210","phoneCallView":[{"destination":"1"}],"nonce":"\u0000"}`,
    'The nonce must have whole characters alone, and no U+0000 or U+FFFD.',
  ],
  [
    'a body that is compressed',
    '\u001f\u008b',
    'The body must come without a Content-Encoding: none is supported.',
  ],
])('%s is said to be so', async (_, body, message) => {
  const isCall = body.includes('extension');
  const { text } = await ask({
    method: isCall ? 'POST' : 'PUT',
    target: isCall ? '/uapi/phoneCalls/@me/simple' : `${EVENTS}/0/Nqey`,
    headers: { ...headers, ...(!body.startsWith('{') && { 'content-encoding': 'gzip' }) },
    body,
  });

  expect(JSON.parse(text)).toMatchObject({ error: { message } });
});

test('another path is nobody’s', async () => {
  expect((await del('/uapix/phoneCalls/@me/@self')).response).toBeUndefined();
});

describe('the token', () => {
  const token = [{ kind: 'token', token: 'demo-alice-token' }];

  test.each([
    ['in the header', CALLS, headers],
    ['in the header without its scheme', CALLS, { authorization: 'demo-alice-token' }],
    ['in the query', `${CALLS}?accessRequestToken=demo-alice-token`, {}],
    ['in the query with its scheme', `${CALLS}?accessRequestToken=Bearer%20demo-alice-token`, {}],
    ['in both, the header’s', `${CALLS}?accessRequestToken=other`, headers],
  ])('%s', async (_, target, given) => {
    expect((await del(target, { headers: given })).credentials).toEqual(token);
  });

  test.each([
    ['nowhere', CALLS, {}],
    ['twice in the query', `${CALLS}?accessRequestToken=a&accessRequestToken=b`, {}],
    ['a password', CALLS, { authorization: `Basic ${btoa('alice:demo')}` }],
    ['with a NUL', `${CALLS}?accessRequestToken=a%00b`, {}],
  ])('is none: %s', async (_, target, given) => {
    expect((await del(target, { headers: given })).credentials).toEqual([{ kind: 'none' }]);
  });

  test('is looked at before everything else', async () => {
    const { response, text } = await del('/uapi/%zz?phoneNumber=', { executeAs: lockedOut });

    expect(response?.status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'access_denied' } });
  });
});

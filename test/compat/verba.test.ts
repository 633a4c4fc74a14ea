import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/model/errors.ts';
import { ask, lockedOut, type Question } from './asking.ts';

const AS = 'action=DeleteCall&apiKey=k&token=t';
const get = (query: string, more: Partial<Question> = {}) =>
  ask({ method: 'GET', target: `/verba/api?${query}`, ...more });
const post = (query: string, body: string) =>
  get(query, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const named = (scheme: string, value: string) => [{ selector: { identifier: { scheme, value } } }];
const numbered = (number: string, ...status: string[]) => [{ selector: { number, status } }];

describe('a call is named by', () => {
  test.each([
    ['callID=a8343631', named('VERBA', 'a8343631')],
    ['platformCallID=71627389', named('PLATFORM', '71627389')],
    ['nativeID=TRS26140192', named('NATIVE', 'TRS26140192')],
    ['meetingID=WHBFM6DD', named('MEETING', 'WHBFM6DD')],
    ['extension=8856&status=last', numbered('8856', 'LAST')],
    ['extension=8856&status=ongoing,%20Last,next', numbered('8856', 'ONGOING', 'LAST', 'NEXT')],
    ['extension=+3612345&status=last', numbered('+3612345', 'LAST')],
    ['extension=%2B3612345&status=next', numbered('+3612345', 'NEXT')],
    ['extension=1&meetingID=M&nativeID=N&platformCallID=P&callID=C', named('VERBA', 'C')],
    ['extension=1&meetingID=M&nativeID=N&platformCallID=P', named('PLATFORM', 'P')],
    ['extension=1&meetingID=M&nativeID=N', named('NATIVE', 'N')],
    ['extension=1&meetingID=M', named('MEETING', 'M')],
    ['nativeID=a%20b%zz', named('NATIVE', 'a b%zz')],
  ])('%s', async (query, variables) => {
    const reply = await get(`${AS}&${query}`);

    expect(reply.faults).toEqual([]);
    expect(reply.variables).toEqual(variables);
  });

  test('a form', async () => {
    const reply = await post('', `${AS}&nativeID=N`);

    expect(reply.credentials).toMatchObject([{ kind: 'apiKey', apiKey: 'k', token: 't' }]);
    expect(reply.variables).toEqual(named('NATIVE', 'N'));
  });

  test('a form, and the query wins', async () => {
    expect((await post(`${AS}&nativeID=Q`, 'nativeID=F')).variables).toEqual(named('NATIVE', 'Q'));
  });

  test('an action in other letter case, and a slash', async () => {
    const target = '/verba/api/?action=deletecall&apiKey=k&callID=C';

    expect((await ask({ method: 'GET', target })).variables).toEqual(named('VERBA', 'C'));
  });
});

describe('refused before anything is done:', () => {
  test.each([
    ['', 4],
    ['action=DeleteCall&callID=C', 4],
    ['action=DeleteCall&apiKey=&callID=C', 4],
    ['action=DeleteCall&apiKey=k&apiKey=l&callID=C', 4],
    ['apiKey=k&callID=C', 3],
    ['action=&apiKey=k&callID=C', 3],
    ['action=DeleteCall&action=DeleteCall&apiKey=k&callID=C', 3],
    ['action=DropTables&apiKey=k&callID=C', 3],
    [AS, 3],
    [`${AS}&callID=`, 3],
    [`${AS}&callID=&nativeID=N`, 3],
    [`${AS}&nativeID=N&nativeID=M`, 3],
    [`${AS}&nativeID=%00`, 3],
    [`${AS}&nativeID=${'n'.repeat(256)}`, 3],
    [`${AS}&extension=8856`, 3],
    [`${AS}&extension=8856&status=`, 3],
    [`${AS}&extension=8856&status=all`, 3],
    [`${AS}&extension=8856&status=last,`, 3],
    [`${AS}&callID=C&responseType=JSON`, 3],
    [`${AS}&callID=C&responseType=XML&responseType=TEXT`, 3],
  ])('%s', async (query, code) => {
    const executeAs: Question['executeAs'] = async (credentials, from) =>
      credentials.kind === 'none' ? lockedOut(credentials, from) : async () => expect.unreachable();
    const { response, text, variables } = await get(query, { executeAs });

    expect(variables).toEqual([]);
    expect(response?.status).toBe(200);
    expect(response?.headers.get('content-type')).toBe('text/xml; charset=UTF-8');
    expect(text).toMatch(
      new RegExp(`<Response code="${code}" type="\\w*">\\s*<ErrorMessage>.+</ErrorMessage>`),
    );
  });

  test.each([
    ['another method', { method: 'DELETE' }],
    ['another path', { target: `/verba/api/DeleteCall?${AS}` }],
  ])('%s', async (_, more) => {
    const { response, text } = await get(AS, more);

    expect(response?.status).toBe(404);
    expect(text).toContain('<Response code="3"');
  });
});

describe('an answer', () => {
  const unknown = `${AS}&extension=8856&status=`;

  test.each([
    ['TEXT', 'text/plain; charset=UTF-8', /^ERROR: \w/],
    ['text', 'text/plain; charset=UTF-8', /^ERROR: \w/],
    ['HTML', 'text/html; charset=UTF-8', /^<html><body>ERROR: \w.*<\/body><\/html>$/],
    ['', 'text/xml; charset=UTF-8', /^<\?xml version="1.0" encoding="UTF-8"\?>\n<VerbaApi>\n/],
  ])('in %s', async (type, contentType, pattern) => {
    const { response, text } = await get(`${unknown}&responseType=${type}`);

    expect(response?.headers.get('content-type')).toBe(contentType);
    expect(text).toMatch(pattern);
  });

  const outcome = new GatewayError('LEGAL_HOLD', '</ErrorMessage>&"\u0001\ud800é');
  const said = '&lt;/ErrorMessage&gt;&amp;"\uFFFD\uFFFDé';

  test.each([
    ['XML', `<ErrorMessage>${said}</ErrorMessage>`],
    ['HTML', `<body>ERROR: ${said}</body>`],
  ])('in %s escapes what it says', async (type, part) => {
    const { text } = await get(`${AS}&responseType=${type}&callID=C`, { outcome });

    expect(text).toContain(part);
  });

  test('does not repeat an action that is no word', async () => {
    expect((await get('action=<b>"&apiKey=k')).text).toContain('type=""');
  });
});

import { describe, expect, test } from 'vitest';
import { TOLD } from '../../src/connectors/kamailio/dialog.ts';
import { endOf } from '../../src/connectors/kamailio/endings.ts';
import { digitIn, pressIn } from '../../src/connectors/kamailio/keys.ts';
import { KnownCalls } from '../../src/connectors/kamailio/known-calls.ts';
import { callOf, dialogKeyOf, nativeIdOf } from '../../src/connectors/kamailio/translate.ts';

const told = (change: object = {}) =>
  TOLD.parse({
    ...{ ev: 'offered', at: '1795274535.672858', epoch: '1.1', callid: '1:4150@host', ftag: 't-1' },
    ...{ h_entry: 3457, h_id: 1498, td_offered: '1795274535.672524', td_ringing: '' },
    ...{ td_answered: '', td_caller_held: '', td_callee_held: '', td_over: '', ...change },
  });

describe('a native id', () => {
  test('leads back to the dialog', () => {
    const { callid, ftag } = told({ ftag: 'a:b%3A' });

    expect(dialogKeyOf(nativeIdOf(told({ ftag })))).toEqual({ callid, ftag });
  });

  test('is short, and another for each dialog', () => {
    const long = { callid: 'x'.repeat(3600) };

    const ids = [told(long), told({ ...long, ftag: 't-2' })].map(nativeIdOf);

    expect(new Set(ids.map((id) => id.replace(/[0-9a-f]{64}$/, '')))).toEqual(
      new Set(['3457:1498:']),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('that is none leads nowhere', () => {
    expect(dialogKeyOf('never-was')).toBeNull();
  });
});

describe('a call', () => {
  test.each([
    [{}, 'DIALING'],
    [{ td_ringing: '1795274535.7' }, 'RINGING'],
    [{ td_ringing: '1795274535.7', td_answered: '1795274536.1' }, 'CONNECTED'],
    [{ td_answered: '1795274536.1', td_callee_held: '1795274537.0' }, 'HELD'],
  ])('of a dialog with %o is %s', (change, state) => {
    expect(callOf('1.1', told(change)).state).toBe(state);
  });

  test('has times to the millisecond', () => {
    expect(callOf('1.1', told()).offeredAt).toBe('2026-11-21T15:22:15.672Z');
  });

  test('has the numbers as dialled, and the name without quotes', () => {
    const change = { td_ani: '%2B40722', td_dnis: '0003*210', td_name: '"Ann \\"B"' };

    const { ani, dnis, parties } = callOf('1.1', told(change));

    expect({ ani, dnis, name: parties[0]?.name }).toEqual({
      ...{ ani: '+40722', dnis: '0003*210', name: 'Ann "B' },
    });
  });

  test.each([
    ['210;npdi=yes', '210'],
    ['+44-20-7946.0210;npdi', '+442079460210'],
    ['(020)79460210', '02079460210'],
    ['0003*2-10', '0003*2-10'],
    ['a.b-c', 'a.b-c'],
    [';', null],
  ])('takes the number of %s for %s', (td_dnis, dnis) => {
    expect(callOf('1.1', told({ td_dnis })).dnis).toBe(dnis);
  });

  test('takes a number that cannot be decoded as it is', () => {
    expect(callOf('1.1', told({ td_ani: '50%' })).ani).toBe('50%');
  });

  test.each([
    ['', {}],
    ['{"a":{"b":[1]}}', { a: { b: [1] } }],
    ['{"a":null,"b":"c"}', { b: 'c' }],
    ['{"a":[12345678901234567890],"b":0.5}', { a: ['12345678901234567890'], b: 0.5 }],
    ['order=7', { 'X-User-Data': 'order=7' }],
    ['[1]', { 'X-User-Data': '[1]' }],
    ['"text"', { 'X-User-Data': '"text"' }],
  ])('has the user data of %s', (td_userdata, userData) => {
    expect(callOf('1.1', told({ td_userdata })).userData).toEqual(userData);
  });
});

describe('the end of a call', () => {
  test.each([
    [
      { ev: 'ended', td_over: 'callee' },
      { disposition: 'ANSWERED', by: 'CALLEE' },
    ],
    [
      { ev: 'ended', td_over: 'operator' },
      { disposition: 'ANSWERED', by: 'OPERATOR' },
    ],
    [
      { ev: 'failed', code: '486' },
      { disposition: 'BUSY', by: 'CALLEE', q850Cause: 17 },
    ],
    [
      { ev: 'failed', code: '487' },
      { disposition: 'CANCELLED', by: 'CALLER' },
    ],
    [
      { ev: 'failed', code: '<null>' },
      { disposition: 'NO_ANSWER', by: 'SWITCH', q850Cause: 102 },
    ],
    [
      { ev: 'failed', code: '499' },
      { disposition: 'FAILED', by: 'CALLEE', q850Cause: null },
    ],
  ])('told as %o is understood', (change, end) => {
    expect(endOf(told(change), false)).toMatchObject(end);
  });

  test('is ours when we have cancelled it', () => {
    expect(endOf(told({ ev: 'failed', code: '487' }), true)).toMatchObject({ by: 'OPERATOR' });
  });

  test('is not a change', () => {
    expect(endOf(told({ ev: 'hold' }), false)).toBeNull();
  });
});

describe('the body of an INFO', () => {
  test.each([
    ['Signal=5\r\nDuration=160\r\n', '5'],
    ['Signal= *\nDuration= 250', '*'],
    ['Duration=100\r\nsignal = d', 'D'],
    ['Signal=11', '#'],
    ['7', '7'],
    ['10\r\n', '*'],
    ['15', 'D'],
  ])('%j has the digit %s', (body, digit) => {
    expect(digitIn(body)).toBe(digit);
  });

  test.each([
    '',
    'Signal=!',
    'Signal=16',
    'Signal=',
    'Duration=160',
    '123',
    'hello',
    'Signal=55;1',
  ])('%j has none', (body) => {
    expect(digitIn(body)).toBeNull();
  });
});

describe('a key of a phone', () => {
  const pressed = (change: object = {}) =>
    told({ ev: 'dtmf', keys: 'Signal=5', leg: 'callee', cseq: '7', ...change });

  test('is told once, however often its request is', () => {
    const known = new KnownCalls();
    const words = [pressed(), pressed({ at: '1795274535.9' }), pressed({ cseq: '6' })];

    const presses = words.map((word) => pressIn(word, known));

    const press = { nativeId: 'callee', digits: '5', at: '2026-11-21T15:22:15.672Z' };
    expect(presses).toEqual([press, null, press]);
  });

  test('is not told of a call that is over, nor when it is none', () => {
    const known = new KnownCalls();
    const none = pressIn(pressed({ keys: 'Signal=!' }), known);
    known.hear(nativeIdOf(pressed()), 1, true);

    const late = pressIn(pressed(), known);

    expect([none, late]).toEqual([null, null]);
  });
});

describe('of what two SIP workers have swapped', () => {
  test('the older word is no news', () => {
    const known = new KnownCalls();
    known.hear('a', 2, false);

    expect([known.hear('a', 1, false), known.hear('a', 3, false)]).toEqual([false, true]);
  });

  test('nothing comes after the end, and the end is never too old', () => {
    const known = new KnownCalls();
    known.hear('a', 2, false);

    expect([known.hear('a', 1, true), known.hear('a', 3, false)]).toEqual([true, false]);
  });

  test('another run begins anew', () => {
    const known = new KnownCalls();
    known.enter('one');
    known.hear('a', 2, true);

    known.enter('two');

    expect(known.has('a')).toBe(false);
  });
});

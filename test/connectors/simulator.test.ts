import { describe, expect, test } from 'vitest';
import { createCallRecorder } from './call-recorder.ts';
import { connectorContract } from './contract/contract.ts';
import { lab, leg } from './simulator-lab.ts';

const outside = { organizationId: 'acme', from: '0003*210', to: '+40722000111', userData: {} };
const inside = { ...outside, to: '0003*211', toExtension: true };
const toOutside = { ...outside, toExtension: false };

connectorContract('a simulated exchange', async () => {
  const { clock, exchange, connector } = lab();
  const after = async (ms: number) => {
    const ref = exchange.offer(inside);
    await clock.advance(ms);
    return ref;
  };
  return {
    connector,
    placeable: inside,
    ringing: () => after(200),
    connected: () => after(6_000),
    async pressing() {
      const ref = await after(6_000);
      for (const digit of '42#') exchange.press(ref, 'CALLER', digit);
      exchange.press(ref, 'CALLEE', '*');
      return ref;
    },
    answerSoon: () => clock.advance(6_000),
    twoAlike: async () => ({
      number: '15000',
      ref: exchange.adopt({ nativeId: 'twins', parties: [leg('15000'), leg('+15000')] }),
    }),
    cut: async () => exchange.cut(),
    restart: async () => exchange.restart(),
    async [Symbol.asyncDispose]() {},
  };
});

describe('a call in the exchange', () => {
  test.each([
    { after: 199, state: 'DIALING', legs: ['DIALING', 'DIALING'] },
    { after: 200, state: 'RINGING', legs: ['DIALING', 'RINGING'] },
    { after: 999, state: 'RINGING', legs: ['DIALING', 'RINGING'] },
    { after: 1_000, state: 'CONNECTED', legs: ['CONNECTED', 'CONNECTED'] },
  ])('to an outside number is $state after $after ms', async ({ after, state, legs }) => {
    const { clock, exchange } = lab();
    exchange.offer(toOutside);

    await clock.advance(after);

    const [call] = exchange.list().calls;
    expect(call?.state).toBe(state);
    expect(call?.parties.map((party) => party.state)).toEqual(legs);
  });

  test.each([
    { maxSeconds: 30, disposition: 'ANSWERED', q850Cause: 16 },
    { maxSeconds: 5, disposition: 'NO_ANSWER', q850Cause: 19 },
  ])('ends after its $maxSeconds s as $disposition', async ({ maxSeconds, ...end }) => {
    const { clock, exchange, connector } = lab();
    const events = createCallRecorder();
    await using _ = await connector.connect(events);
    exchange.offer({ ...inside, maxSeconds });
    await clock.advance(maxSeconds * 1000 - 1);
    const before = exchange.list().calls.length;

    await clock.advance(1);

    expect([before, exchange.list().calls.length]).toEqual([1, 0]);
    expect(events.seen.at(-1)).toMatchObject({ state: 'ENDED', end: { ...end, by: 'SWITCH' } });
  });

  test.each([
    { after: 5_999, state: 'RINGING' },
    { after: 6_000, state: 'CONNECTED' },
  ])('to an extension is $state after $after ms', async ({ after, state }) => {
    const { clock, exchange } = lab();
    exchange.offer(inside);

    await clock.advance(after);

    expect(exchange.list().calls).toMatchObject([{ state }]);
  });

  test('keeps the moment in which its user answered it', async () => {
    const { clock, exchange, connector } = lab();
    await using link = await connector.connect(createCallRecorder());
    const ref = exchange.offer(inside);
    await clock.advance(3_000);
    await link.answer(ref, { number: inside.to });

    await clock.advance(10_000);

    expect(exchange.list().calls).toMatchObject([{ answeredAt: '2026-01-02T03:04:08.000Z' }]);
  });

  test.each([
    { by: 'CALLER', after: 6_000, end: { disposition: 'ANSWERED', q850Cause: 16 } },
    { by: 'CALLER', after: 300, end: { disposition: 'CANCELLED', q850Cause: 16 } },
    { by: 'CALLEE', after: 300, end: { disposition: 'REJECTED', q850Cause: 21 } },
  ] as const)('that the $by leaves after $after ms is $end.disposition', async (row) => {
    const { clock, exchange, connector } = lab();
    const events = createCallRecorder();
    await using _link = await connector.connect(events);
    const ref = exchange.offer(inside);
    await clock.advance(row.after);

    exchange.remoteHangup(ref, row.by);

    expect(events.seen.at(-1)?.end).toEqual({ ...row.end, by: row.by });
  });

  test('cannot be left twice', () => {
    const { exchange } = lab();
    const ref = exchange.offer(inside);
    exchange.remoteHangup(ref, 'CALLER');

    const isLeft = exchange.remoteHangup(ref, 'CALLER');

    expect(isLeft).toBe(false);
  });

  test('of three parties loses one leg and goes on', async () => {
    const { exchange, connector } = lab();
    await using link = await connector.connect(createCallRecorder());
    const ref = exchange.adopt({ nativeId: 'three', parties: [leg('1'), leg('2'), leg('3')] });

    await link.hangupParty(ref, { number: '2' });

    const [call] = exchange.list().calls;
    expect(call?.state).toBe('CONNECTED');
    expect(call?.parties.map(({ state }) => state)).toEqual(['CONNECTED', 'ENDED', 'CONNECTED']);
  });

  test('receives its digits', async () => {
    const { exchange, connector } = lab();
    await using link = await connector.connect(createCallRecorder());
    const ref = exchange.adopt({ nativeId: 'menu', parties: [leg('1'), leg('2')] });
    await link.sendDtmf(ref, '12');

    await link.sendDtmf(ref, '#');

    expect(exchange.digitsOf(ref)).toBe('12#');
  });
});

describe('a call that the exchange adopts', () => {
  const seed = {
    nativeId: '01RCC3N118B1V0SL807GK2LAES00000R',
    organizationId: 'acme',
    identifiers: [{ scheme: 'GENESYS', value: '01RCC3N118B1V0SL807GK2LAES00000R' }],
    parties: [leg('15000'), { role: 'CALLEE', number: '15001' }],
    userData: { crm: '42' },
  } as const;

  test('is whole', () => {
    const { exchange } = lab();

    const ref = exchange.adopt(seed);

    const [call] = exchange.list().calls;
    const { nativeId, organizationId, identifiers, userData } = seed;
    expect(call).toMatchObject({ ...ref, nativeId, organizationId, identifiers, userData });
    expect(call).toMatchObject({ state: 'CONNECTED', ani: '15000', dnis: '15001' });
  });

  test('stays as it is', async () => {
    const { clock, exchange } = lab();
    exchange.adopt({ ...seed, state: 'RINGING' });
    const before = exchange.list();

    await clock.advance(3_600_000);

    expect(exchange.list()).toEqual(before);
  });

  test('cannot have the id of another', () => {
    const { exchange } = lab();
    const ref = exchange.adopt(seed);
    exchange.remoteHangup(ref, 'CALLER');

    const again = () => exchange.adopt(seed);

    expect(again).toThrow('has had a call');
  });
});

test('a second link takes over from the first', async () => {
  const { connector } = lab();
  const first = await connector.connect(createCallRecorder());

  await using _second = await connector.connect(createCallRecorder());

  await expect(first.closed).resolves.toBe('Another link took over.');
});

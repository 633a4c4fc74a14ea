import { describe, expect, test } from 'vitest';
import type { CallRef } from '../../src/connectors/connector.ts';
import { createCallRecorder } from './call-recorder.ts';
import { lab, leg } from './simulator-lab.ts';

const DESK = '0003*210';
const COMPANY = '+40722000111';
const to = (number: string, toExtension: boolean) => ({ to: number, toExtension, userData: {} });

/** A telephone that talks with somebody outside. */
async function talking() {
  const { clock, exchange, connector } = lab();
  const link = await connector.connect(createCallRecorder());
  const parties = [leg(COMPANY), { role: 'CALLEE', number: DESK } as const];
  const ref = exchange.adopt({ nativeId: 'first', organizationId: 'acme', parties });
  const stateOf = ({ nativeId }: CallRef, number: string) => {
    const call = exchange.list().calls.find((one) => one.nativeId === nativeId);
    return call?.parties.find((party) => party.number === number)?.state;
  };
  return { clock, exchange, link, ref, stateOf };
}

const ringing = { organizationId: 'acme', from: '0003*211', ...to(DESK, true) };

describe('a telephone that talks', () => {
  test('puts that call on hold when it answers another one', async () => {
    const { clock, exchange, link, ref, stateOf } = await talking();
    const second = exchange.offer(ringing);
    await clock.advance(200);

    await link.answer(second, { number: DESK });

    expect([stateOf(ref, DESK), stateOf(second, DESK)]).toEqual(['HELD', 'CONNECTED']);
  });

  test('answers nobody else by itself, until it is free', async () => {
    const { clock, exchange, link, ref, stateOf } = await talking();
    const second = exchange.offer(ringing);
    await clock.advance(6_000);
    const before = [stateOf(ref, DESK), stateOf(second, DESK)];
    await link.hangup(ref);

    await clock.advance(6_000);

    expect(before).toEqual(['CONNECTED', 'RINGING']);
    expect(stateOf(second, DESK)).toBe('CONNECTED');
  });

  test('answers nobody by itself who has rung while it was asked whether somebody is there', async () => {
    const { clock, exchange, link, ref, stateOf } = await talking();
    await link.setHold(ref, { number: DESK }, true);
    const asked = Promise.withResolvers<boolean>();
    exchange.telephones.isAttended = () => asked.promise;
    const second = exchange.offer(ringing);
    await clock.advance(6_000);
    await link.setHold(ref, { number: DESK }, false);

    asked.resolve(false);

    await clock.advance(0);
    expect([stateOf(ref, DESK), stateOf(second, DESK)]).toEqual(['CONNECTED', 'RINGING']);
  });

  test('puts that call on hold when another one is begun from it', async () => {
    const { link, ref, stateOf } = await talking();

    const second = await link.place({ organizationId: 'acme', from: DESK, ...to('0733', false) });

    expect([stateOf(ref, DESK), stateOf(second, DESK)]).toEqual(['HELD', 'DIALING']);
  });

  test('puts that call on hold when somebody answers whom it has called meanwhile', async () => {
    const { clock, link, ref, stateOf } = await talking();
    const second = await link.place({ organizationId: 'acme', from: DESK, ...to('0733', false) });
    await link.setHold(ref, { number: DESK }, false);

    await clock.advance(1_000);

    expect([stateOf(ref, DESK), stateOf(second, DESK)]).toEqual(['HELD', 'CONNECTED']);
  });

  test('puts that call on hold when it takes one back', async () => {
    const { clock, exchange, link, ref, stateOf } = await talking();
    const second = exchange.offer(ringing);
    await clock.advance(200);
    await link.answer(second, { number: DESK });

    await link.setHold(ref, { number: DESK }, false);

    expect([stateOf(ref, DESK), stateOf(second, DESK)]).toEqual(['CONNECTED', 'HELD']);
  });

  test('is another one than that of another organization with the same number', async () => {
    const { clock, exchange, link, ref, stateOf } = await talking();
    const second = exchange.offer({ ...ringing, organizationId: 'globex' });
    await clock.advance(200);

    await link.answer(second, { number: DESK });

    expect([stateOf(ref, DESK), stateOf(second, DESK)]).toEqual(['CONNECTED', 'CONNECTED']);
  });

  test('leaves alone who is reached from outside by the same number', async () => {
    const { clock, exchange, ref, stateOf } = await talking();
    const second = exchange.offer({ organizationId: 'acme', from: '8856', ...to(COMPANY, false) });

    await clock.advance(1_000);

    expect([stateOf(ref, COMPANY), stateOf(second, COMPANY)]).toEqual(['CONNECTED', 'CONNECTED']);
  });
});

test.each([
  ['outside, where many have one number, are two', COMPANY, false, 3],
  ['of one telephone are one', '15001', true, 2],
])('legs %s when calls are merged', async (_name, number, toExtension, count) => {
  const { clock, exchange, link } = await begun(number, toExtension);
  const [first] = exchange.list().calls;
  if (!first) throw new Error('There is no call.');
  const second = await link.consult(first, { number: DESK }, to(number, toExtension));
  await clock.advance(200);
  await link.answer(second, { number });

  await link.complete(second, 'CONFERENCE');

  const [call] = exchange.list().calls;
  expect(call?.parties.filter(({ state }) => state === 'CONNECTED')).toHaveLength(count);
});

/** A telephone that has called this number. */
async function begun(number: string, toExtension: boolean) {
  const { clock, exchange, connector } = lab();
  const link = await connector.connect(createCallRecorder());
  await link.place({ organizationId: 'acme', from: DESK, ...to(number, toExtension) });
  await clock.advance(6_000);
  return { clock, exchange, link };
}

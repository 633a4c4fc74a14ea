import { describe, expect, test } from 'vitest';
import { createCallRecorder } from './call-recorder.ts';
import { lab, talk } from './simulator-lab.ts';

describe('an exchange with the fault', () => {
  test('hangup-ok-without-effect, a hang-up is accepted and the call lives', async () => {
    const { exchange, link, ref } = await talk('hangup-ok-without-effect');

    const outcomes = [await link.hangup(ref), await link.hangupParty(ref, { number: '1' })];

    expect(outcomes).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(exchange.list().calls).toMatchObject([{ state: 'CONNECTED' }]);
  });

  test('missed-events, nothing is told', async () => {
    const { link, ref, events } = await talk('missed-events');

    await link.hangup(ref);

    expect(events.statesOf(ref)).toEqual([]);
  });

  test('duplicate-events, all is told twice', async () => {
    const { link, ref, events } = await talk('duplicate-events');

    await link.hangup(ref);

    expect(events.statesOf(ref)).toEqual(['CONNECTED', 'CONNECTED', 'ENDED', 'ENDED']);
  });

  test('swapped-events, an event comes after its successor', async () => {
    const { link, ref, events } = await talk('swapped-events');

    await link.hangup(ref);

    expect(events.statesOf(ref)).toEqual(['ENDED', 'CONNECTED']);
  });

  test('swapped-events, an event without successor comes late', async () => {
    const { clock, ref, events } = await talk('swapped-events');

    await clock.advance(100);

    expect(events.statesOf(ref)).toEqual(['CONNECTED']);
  });

  test('one-leg-only, a hang-up leaves the call alive with one leg', async () => {
    const { exchange, link, ref } = await talk('one-leg-only');

    await link.hangup(ref);

    const [call] = exchange.list().calls;
    expect(call?.parties.map(({ state }) => state)).toEqual(['ENDED', 'CONNECTED']);
  });

  test('one-leg-only, the second hang-up ends the call', async () => {
    const { exchange, link, ref } = await talk('one-leg-only');
    await link.hangup(ref);

    await link.hangup(ref);

    expect(exchange.list().calls).toEqual([]);
  });

  test('timeout, a command is not done', async () => {
    const { exchange, link, ref } = await talk('timeout');

    const outcome = link.hangup(ref);

    await expect(outcome).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(exchange.list().calls).toHaveLength(1);
  });

  test('unreachable, there is no new link', async () => {
    const { connector } = lab('unreachable');

    const link = connector.connect(createCallRecorder());

    await expect(link).rejects.toMatchObject({ code: 'LINK_DOWN' });
  });

  test('that is taken back, all is well', async () => {
    const { exchange, link, ref, events } = await talk('hangup-ok-without-effect');
    exchange.faults.clear();

    await link.hangup(ref);

    expect(events.statesOf(ref)).toEqual(['CONNECTED', 'ENDED']);
  });
});

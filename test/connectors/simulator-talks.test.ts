import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SwitchCall, SwitchError, type SwitchLink } from '../../src/connectors/connector.ts';
import { createCallRecorder } from './call-recorder.ts';
import { lab } from './simulator-lab.ts';

const PHONES = ['201', '202', '203', '204'];

/** What somebody may do at a telephone, with one of the calls or towards another telephone. */
const DEEDS: Readonly<
  Record<
    string,
    (link: SwitchLink, number: string, call: SwitchCall, to: string) => Promise<unknown>
  >
> = {
  place: (link, from, _call, to) =>
    link.place({ organizationId: 'acme', from, to, toExtension: true, userData: {} }),
  answer: (link, number, call) => link.answer(call, { number }),
  consult: (link, number, call, to) =>
    link.consult(call, { number }, { to, toExtension: true, userData: {} }),
  hold: (link, number, call) => link.setHold(call, { number }, true),
  retrieve: (link, number, call) => link.setHold(call, { number }, false),
  transfer: (link, _number, call) => link.complete(call, 'TRANSFER'),
  conference: (link, _number, call) => link.complete(call, 'CONFERENCE'),
  leave: (link, number, call) => link.hangupParty(call, { number }),
};

const deeds = fc.array(
  fc.record({
    deed: fc.constantFrom(...Object.keys(DEEDS)),
    phone: fc.constantFrom(...PHONES),
    to: fc.constantFrom(...PHONES),
    which: fc.nat(5),
    ms: fc.constantFrom(0, 200, 6_000),
  }),
  { minLength: 10, maxLength: 40 },
);

/** Those of the calls in which a telephone talks. */
const talksOf = (calls: readonly SwitchCall[], phone: string) =>
  calls.filter(({ parties }) =>
    parties.some(({ number, state }) => number === phone && state === 'CONNECTED'),
  );

/** What is consulted about a call. */
const about = (calls: readonly SwitchCall[], { nativeId }: SwitchCall) =>
  calls.filter(({ consultOf }) => consultOf === nativeId);

const refusalOf = (deed: Promise<unknown> | undefined) =>
  deed?.then(
    () => null,
    (error: unknown) => error,
  );

test('whatever is done, a telephone talks in one call, and what is refused changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(deeds, async (steps) => {
      const { clock, exchange, connector } = lab();
      const link = await connector.connect(createCallRecorder());
      const first = { from: '201', to: '202', toExtension: true, userData: {} };
      await link.place({ organizationId: 'acme', ...first });
      for (const { deed, phone, to, which, ms } of steps) {
        await clock.advance(ms);
        const before = exchange.list().calls;
        const call = before[which % before.length];
        if (!call) return;

        const refusal = await refusalOf(DEEDS[deed]?.(link, phone, call, to));

        const after = exchange.list().calls;
        const isCompleted = !refusal && ['transfer', 'conference'].includes(deed);
        expect(refusal ?? new SwitchError('WRONG_STATE', '')).toBeInstanceOf(SwitchError);
        if (refusal) expect(after).toEqual(before);
        expect(PHONES.filter((one) => talksOf(after, one).length > 1)).toEqual([]);
        // Whoever consults about a call that is completed would do so about none.
        expect(isCompleted ? about(after, call) : []).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

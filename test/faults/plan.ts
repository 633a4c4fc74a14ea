import fc from 'fast-check';
import { CALL_STATES, CHANGE_KINDS } from '../../src/model/call.ts';
import { LINES, ORGANIZATIONS, PEOPLE } from './scene.ts';

/** For how long a run's writers and nemesis may begin something. */
const LONGEST_MS = 2600;

const organization = fc.nat({ max: ORGANIZATIONS - 1 });
const time = fc.nat({ max: LONGEST_MS });

/** What a switch says of one of its calls; the transaction stays open for a while before it commits. */
const switchStep = fc.record({
  act: fc.constantFrom('OFFER', 'ANSWER', 'HOLD', 'TALK', 'DATA', 'END'),
  pick: fc.nat(),
  openMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 5, max: 120 })),
  pauseMs: fc.nat({ max: 40 }),
});
const clientStep = fc.record({
  act: fc.constantFrom('ATTACH', 'ATTACH', 'UPDATE', 'TAKE_KEY', 'TAKE_ALL', 'DELETE'),
  pick: fc.nat(),
  pauseMs: fc.integer({ min: 10, max: 80 }),
});
const switchWriter = fc.record({
  organization,
  steps: fc.array(switchStep, { minLength: 60, maxLength: 90, size: 'max' }),
});
const clientWriter = fc.record({
  organization,
  tandem: fc.nat(),
  steps: fc.array(clientStep, { minLength: 25, maxLength: 40, size: 'max' }),
});

/** Nobody presses anything in a run. */
const KINDS = CHANGE_KINDS.filter((kind) => kind !== 'DTMF');
const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });
/** Every combination of a few, and often none at all. */
const filter = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record({ lines: some(LINES) }),
  fc.record({ calls: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }) }),
  fc.record({ kinds: some(KINDS) }),
  fc.record({ states: some(CALL_STATES) }),
  fc.record({ lines: some(LINES), kinds: some(KINDS) }),
);

const subscriber = fc.record({
  organization,
  who: fc.constantFrom(...PEOPLE),
  filter,
  startMs: fc.oneof(fc.constant(0), time),
  /** Which Tandem each of its connections goes to, over and over. */
  homes: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  /** When it goes, and for how long it stays away. */
  leaves: fc.array(fc.record({ atMs: time, forMs: fc.nat({ max: 1000 }) }), { maxLength: 2 }),
  /** When it stops reading; what it asks for is large then. */
  slow: fc.option(fc.record({ atMs: time, forMs: fc.integer({ min: 1000, max: 3000 }) }), {
    freq: 3,
  }),
});

const shortMs = fc.integer({ min: 300, max: 1500 });
const blow = fc.oneof(
  fc.record({ act: fc.constantFrom('KILL', 'DRAIN'), tandem: fc.nat() }),
  fc.record({ act: fc.constant('TERMINATE'), half: fc.boolean() }),
  fc.record({ act: fc.constant('RESTART') }),
  fc.record({ act: fc.constant('FREEZE'), tandem: fc.nat(), forMs: shortMs }),
  fc.record({
    act: fc.constant('CUT'),
    tandem: fc.nat(),
    forMs: fc.integer({ min: 500, max: 2000 }),
    how: fc.constantFrom('REFUSE', 'SWALLOW', 'STALL'),
  }),
  fc.record({ act: fc.constant('HOLD_HORIZON'), forMs: shortMs, commits: fc.boolean() }),
);

/** What befalls the ways and the tokens. */
const mishap = fc.oneof(
  fc.record({
    act: fc.constant('UNPLUG'),
    tandem: fc.nat(),
    forMs: fc.integer({ min: 500, max: 2000 }),
    how: fc.constantFrom('REFUSE', 'SWALLOW', 'STALL'),
  }),
  fc.record({ act: fc.constant('CRASH'), rollbacks: fc.integer({ min: 20, max: 200 }) }),
  fc.record({ act: fc.constant('REVOKE'), subscriber: fc.nat() }),
);
const natsBlow = fc.record({
  act: fc.constantFrom('KILL_NATS', 'RESTART_NATS', 'FREEZE_NATS'),
  forMs: shortMs,
});

const plan = fc.record({
  switchWriters: fc.array(switchWriter, { minLength: 4, maxLength: 5 }),
  clientWriters: fc.array(clientWriter, { minLength: 2, maxLength: 3 }),
  subscribers: fc.array(subscriber, { minLength: 9, maxLength: 12, size: 'max' }),
  nemesis: fc.array(fc.record({ atMs: time, blow }), { minLength: 2, maxLength: 5 }),
  mishaps: fc.array(fc.record({ atMs: time, blow: mishap }), { minLength: 1, maxLength: 3 }),
  /** Struck where there is a NATS. */
  nats: fc.array(fc.record({ atMs: time, blow: natsBlow }), { minLength: 1, maxLength: 2 }),
});

/** Everything that a run does, and when. */
export type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;
export type SwitchWriter = Plan['switchWriters'][number];
export type ClientWriter = Plan['clientWriters'][number];
export type SubscriberPlan = Plan['subscribers'][number];
export type Blow = Plan['nemesis' | 'mishaps' | 'nats'][number]['blow'];

/** The same for the same seed, always. */
export function planOf(seed: number): Plan {
  const [only] = fc.sample(plan, { seed, numRuns: 1 });
  if (!only) throw new Error('fast-check gave nothing.');
  return only;
}

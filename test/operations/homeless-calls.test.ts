import { expect, test } from 'vitest';
import { HomelessCalls } from '../../src/operations/homeless-calls.ts';
import { callNamed } from '../connectors/scripted-switch.ts';
import { switchCall } from '../support/switch-call.ts';

const named = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => callNamed(`c${from + index}`));

const known = (calls: ReturnType<typeof named>) => {
  const homeless = new HomelessCalls();
  for (const call of calls) homeless.add(call);
  return homeless;
};

test('each is news once', () => {
  const homeless = new HomelessCalls();

  const news = named(0, 2).flatMap((call) => [homeless.add(call), homeless.add(call)]);

  expect(news).toEqual([true, false, true, false]);
});

test('a hundred are looked at with a list, those next that were not looked at for longest', () => {
  const calls = named(0, 250);
  const homeless = known(calls);
  const first = homeless.worthALook(calls);
  for (const call of first) homeless.add(call);

  const second = homeless.worthALook(calls);

  expect([first, second]).toEqual([named(0, 100), named(100, 200)]);
});

test('what was never looked at is, and so is what has found a home', () => {
  const calls = named(0, 250);
  const homeless = known(calls.slice(0, 249));
  homeless.delete(callNamed('c200'));

  const looked = homeless.worthALook(calls);

  expect(looked.slice(100)).toEqual([callNamed('c200'), callNamed('c249')]);
});

test('one that has another number is looked at again', () => {
  const calls = named(0, 150);
  const homeless = known(calls);
  const { parties } = switchCall(['0722', '0733']);
  const changed = callNamed('c149', { parties });

  const looked = homeless.worthALook([...calls.slice(0, 149), changed]);

  expect(looked.slice(100)).toEqual([changed]);
});

test('those that are not listed any more are forgotten', () => {
  const homeless = known(named(0, 2));

  homeless.worthALook(named(1, 2));

  expect(named(0, 2).map((call) => homeless.add(call))).toEqual([true, false]);
});

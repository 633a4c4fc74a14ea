import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesFor, namesOf } from '../../src/feed/names.ts';
import { createPlaces } from '../../src/feed/places.ts';
import { change, request } from './arbitrary.ts';

/** Requests that name something. */
const naming = request.filter((wish) => namesFor(wish)[0] !== 'all');

test('whoever asks by names is given the places of what has them, in order, but for what was dropped', () => {
  const changes = fc.array(change, { maxLength: 400, size: 'max' });
  fc.assert(
    fc.property(changes, naming, fc.nat(400), fc.nat(400), (drawn, wish, dropped, start) => {
      const [kind, names] = namesFor(wish);
      const places = createPlaces();
      for (const [place, one] of drawn.entries()) places.add(place, one);
      places.dropBelow(dropped);

      const given = [...places.from(start, [kind, names])];

      const expected = [...drawn.entries()]
        .filter(([place]) => place >= Math.max(start, dropped))
        .filter(([, one]) => namesOf(one, kind).some((name) => names.includes(name)))
        .map(([place]) => place);
      expect(given).toEqual(expected);
    }),
  );
});

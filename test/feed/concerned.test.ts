import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayConcern } from '../../src/feed/concerned.ts';
import { concerns } from '../../src/feed/concerns.ts';
import { entryOf } from '../../src/feed/entry.ts';
import { namesFor } from '../../src/feed/names.ts';
import { change, request } from './arbitrary.ts';

test('of a list, every reader is shown in order what concerns it', () => {
  fc.assert(
    fc.property(fc.array(change), fc.array(request), (changes, requests) => {
      const entries = changes.map((one, at) =>
        entryOf({ epoch: 'one', xid: 1n, id: BigInt(at) }, one),
      );

      const shown = requests.map((wish) => mayConcern(entries, namesFor(wish)));

      requests.forEach((wish, at) => {
        const isFor = ({ message }: (typeof entries)[number]) => concerns(message.change, wish);
        expect(shown[at]?.filter(isFor)).toEqual(entries.filter(isFor));
      });
    }),
  );
});

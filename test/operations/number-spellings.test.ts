import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NumberRules, PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { matchNumbers } from '../../src/operations/match-numbers.ts';
import { onSwitch, spellingsOf } from '../../src/operations/number-spellings.ts';

/** A country, its code, the digits before national numbers and before foreign ones, and numbers of it. */
const COUNTRIES = [
  ['GB', '44', '0', '00', /^20[37]\d{7}$/],
  ['US', '1', '', '011', /^212[2-9]\d{6}$/],
  ['RO', '40', '0', '00', /^72[1-9]\d{6}$/],
  ['FR', '33', '0', '00', /^1[4-9]\d{7}$/],
] as const;

/** A number, and the ways in which its country dials it, with the digits for an outside line or without. */
const dialled = fc.constantFrom(...COUNTRIES).chain(([country, code, trunk, abroad, shape]) =>
  fc.stringMatching(shape).map((national) => ({
    country,
    e164: `+${code}${national}`,
    writings: [`+${code}${national}`, code + national, trunk + national],
    ways: [`+${code}${national}`, trunk + national, `${abroad}${code}${national}`].flatMap((way) =>
      way.startsWith('+') ? [way] : [way, `9${way}`],
    ),
  })),
);

const digits = fc.stringMatching(/^\d{2,6}$/);
const inFull = fc.stringMatching(/^\d{4}\*\d{2,4}$/);
const anything = fc.oneof(digits, inFull, fc.stringMatching(/^\+?\d{1,20}$/), fc.string());

const rules: fc.Arbitrary<NumberRules> = fc.record({
  country: fc.constantFrom('GB', 'US', 'RO', 'DE', null),
  outside: fc.constantFrom('9', '0', null),
  extensions: fc.constantFrom('0003*', '0004*', null),
  replace: fc.array(fc.record({ from: digits, to: digits }), { maxLength: 2 }),
  organization: fc.constant(null),
});

test('however a country dials a number, it is looked for in E.164', () => {
  fc.assert(
    fc.property(dialled, ({ country, e164, ways }) => {
      const found = ways.map((way) =>
        spellingsOf({ ...PLAIN_NUMBERS, country, outside: '9' }, way),
      );

      expect(found.filter((spellings) => !spellings.includes(e164))).toEqual([]);
    }),
  );
});

test('an extension that is written as a number of the country has the calls that are dialled to it', () => {
  const pair = dialled.chain(({ country, ways, writings }) =>
    fc.tuple(fc.constant(country), fc.constantFrom(...ways), fc.constantFrom(...writings)),
  );
  fc.assert(
    fc.property(pair, ([country, said, number]) => {
      const extension = { id: 'x', organizationId: 'a', number };

      const matches = matchNumbers(
        { ...PLAIN_NUMBERS, country, outside: '9' },
        [said],
        [extension],
      );

      expect(matches.get(said)).toBe(extension);
    }),
  );
});

test('whatever the rules, a number means itself first', () => {
  fc.assert(
    fc.property(rules, anything, (given, number) => {
      expect(spellingsOf(given, number)[0]).toBe(number);
    }),
  );
});

test('a short number is an extension in full, and that is the short one on the switch', () => {
  fc.assert(
    fc.property(digits, (short) => {
      const given = { ...PLAIN_NUMBERS, extensions: '0003*' };

      expect(spellingsOf(given, short)).toContain(`0003*${short}`);
      expect(onSwitch(given, `0003*${short}`)).toBe(short);
    }),
  );
});

test('a direct number is the extension behind its beginning', () => {
  const given: NumberRules = {
    ...{ ...PLAIN_NUMBERS, country: 'GB', outside: '9' },
    replace: [{ from: '+44207946', to: '0003*' }],
  };

  const found = ['02079460210', '+442079460210', '900442079460210'].map((number) =>
    spellingsOf(given, number),
  );

  for (const spellings of found) expect(spellings).toContain('0003*0210');
});

test('without a country, numbers without a plus sign are what they are', () => {
  expect(spellingsOf(PLAIN_NUMBERS, '02079460210')).toEqual(['02079460210']);
  expect(spellingsOf(PLAIN_NUMBERS, '+442079460210')).toEqual(['+442079460210', '442079460210']);
});

/** Extensions of three organizations, with numbers that are likely to meet. */
const extensions = fc.array(
  fc.record({
    id: fc.uuid(),
    organizationId: fc.constantFrom('a', 'b', 'c'),
    number: fc.oneof(
      fc.constantFrom('210', '0003*210', '0004*210', '02079460210', '+442079460210', '9210'),
      inFull,
    ),
  }),
  { maxLength: 8 },
);

test('a number that may be of several organizations is none of them', () => {
  const numbers = fc.constantFrom('210', '9210', '0003*210', '02079460210', '902079460210');
  fc.assert(
    fc.property(rules, numbers, extensions, (given, number, all) => {
      const meant = all.filter((extension) =>
        spellingsOf(given, number).includes(extension.number),
      );
      const owners = new Set(meant.map(({ organizationId }) => organizationId));

      const match = matchNumbers(given, [number], all).get(number);

      if (owners.size > 1) expect(match).toBe('AMBIGUOUS');
      else expect(meant.length === 0 ? [undefined] : meant).toContain(match);
    }),
    { numRuns: 1000 },
  );
});

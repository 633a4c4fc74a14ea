import { isSupportedCountry } from 'libphonenumber-js/min';
import { type NumberRules, PLAIN_NUMBERS } from '../model/number-rules.ts';

type Mutable = { -readonly [Key in keyof NumberRules]: NumberRules[Key] };

/** One line a rule: how its value is read; throws with words for the operator. */
const RULES: Readonly<Record<keyof NumberRules, (value: string, rules: Mutable) => void>> = {
  country(value, rules) {
    const code = value.toUpperCase();
    if (!isSupportedCountry(code))
      throw new Error('country takes the two letters of one, such as GB');
    rules.country = code;
  },
  outside(value, rules) {
    rules.outside = checked(
      value,
      /^[\d*#]{1,4}$/,
      'outside takes 1 to 4 of 0-9, * and #, such as 9',
    );
  },
  extensions(value, rules) {
    const says = 'extensions takes what comes before short numbers, such as 0003*';
    rules.extensions = checked(value, /^\+?[\d*#]{1,24}$/, says);
  },
  replace(value, rules) {
    const says = 'replace takes two beginnings of numbers, such as +44207946>0003*';
    const [from = '', to = ''] = checked(value, /^\+?[\d*#]{1,24}>\+?[\d*#]{0,24}$/, says).split(
      '>',
    );
    // Calls of one number would be those of two extensions.
    if (rules.replace.some((other) => other.from === from))
      throw new Error(`replaces ${from} twice`);
    rules.replace = [...rules.replace, { from, to }];
  },
  organization(value, rules) {
    rules.organization = checked(value, /^\S+$/, 'organization takes the id of one, as imported');
  },
};

function checked(value: string, shape: RegExp, says: string): string {
  if (shape.test(value)) return value;
  throw new Error(says);
}

/** Reads `country:GB;outside:9;replace:+44207946>0003*`; each fault is refused, with words for the operator. */
export function parseNumberRules(text: string, refuse: (message: string) => void): NumberRules {
  const rules: Mutable = { ...PLAIN_NUMBERS };
  for (const part of text.split(';').map((one) => one.trim())) {
    try {
      readRule(part, rules);
    } catch (error) {
      refuse((error as Error).message); // a rule throws nothing else
    }
  }
  return rules;
}

function readRule(part: string, rules: Mutable): void {
  const [, key = '', value = ''] = /^([^:]*):(.*)$/.exec(part) ?? [];
  if (!isRule(key)) {
    throw new Error(`has a rule that is none of ${Object.keys(RULES).join(', ')}: ${part}`);
  }
  if (key !== 'replace' && rules[key] !== null) throw new Error(`has ${key} twice`);
  RULES[key](value.trim(), rules);
}

const isRule = (key: string): key is keyof NumberRules => Object.hasOwn(RULES, key);

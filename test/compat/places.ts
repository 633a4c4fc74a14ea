import { isDeepStrictEqual } from 'node:util';

/** What is another one each time, by its name in a `.http` file. */
const KINDS: Readonly<Record<string, string>> = {
  BEARER: '[\\w-]{43}',
  CALL: '[0-9A-F]{32}',
  CLIENT: String.raw`\w{20,}`,
  CONNECTION: '[0-9a-f]{16}',
  DATE: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`,
  EVENT: '[A-Za-z0-9]{20,30}',
  HEX: '[0-9a-f]{32}',
  NUMBER: String.raw`\d+`,
  POSITION: '[\\w-]+',
  TIME: String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}`,
  TOKEN: '[A-Za-z0-9]{32}',
  UUID: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
};

/** In an array: whatever else is in it, in any order. */
const OTHERS = '{{OTHERS}}';

/** What came in the places of `{{call:CALL}}` and the like, by their names: `{{call}}` is the same again. */
export type Names = Map<string, string>;

/** A text with what its names stand for; one that has not come yet is left. */
export const withNames = (text: string, names: Names): string =>
  text.replaceAll(/\{\{([a-z]\w*)\}\}/g, (whole, name) => names.get(name) ?? whole);

/** The expected text with what came in the places of `{{TIME}}` and the like, if that is of this form. */
function filled(expected: string, actual: string, names: Names): string {
  const parts = expected.split(/\{\{(?:([a-z]\w*):)?([A-Z]+)\}\}/);
  if (parts.length === 1) return expected;
  const found = new RegExp(`^${parts.map(patternOf).join('')}\\s*$`).exec(actual);
  for (const [name, value] of Object.entries(found?.groups ?? {})) names.set(name, value);
  return found ? actual : expected;
}

/** Of the text between two places, the name of one, or its kind. */
function patternOf(part: string | undefined, index: number): string {
  if (index % 3 === 0) return (part ?? '').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  if (index % 3 === 1) return part ? `(?<${part}>` : '(?:';
  const pattern = KINDS[part ?? ''];
  if (!pattern) throw new Error(`There is no place of the kind ${part}`);
  return `${pattern})`;
}

/** The same for JSON, text by text: its layout and the order of its keys are no part of it. */
export function filledJson(expected: unknown, actual: unknown, names: Names): unknown {
  if (typeof expected === 'string') {
    return typeof actual === 'string' ? filled(expected, actual, names) : expected;
  }
  if (typeof expected !== 'object' || expected === null) return expected;
  if (Array.isArray(expected) && expected.includes(OTHERS)) return among(expected, actual, names);
  const at = (key: string) => (actual as Record<string, unknown> | null | undefined)?.[key];
  const entries = Object.entries(expected).map(([key, value]) => [
    key,
    filledJson(value, at(key), names),
  ]);
  return Array.isArray(expected) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

/** What came, when all that is expected is in it. */
function among(expected: readonly unknown[], actual: unknown, names: Names): unknown {
  if (!Array.isArray(actual)) return expected;
  const isThere = (one: unknown) =>
    actual.some((other) => {
      const own: Names = new Map();
      if (!isDeepStrictEqual(filledJson(one, other, own), other)) return false;
      for (const [name, value] of own) names.set(name, value);
      return true;
    });
  return expected.every((one) => one === OTHERS || isThere(one)) ? actual : expected;
}

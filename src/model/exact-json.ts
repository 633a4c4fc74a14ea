import { GatewayError } from './errors.ts';
import { rewriteNumbers } from './rewrite-numbers.ts';

/** More characters than any number needs that JavaScript can hold, zeros and all. */
const LONGEST = 400;

/**
 * Whether a number of JSON is the same after JavaScript has read it: as it writes it, or with all 17 digits, as others
 * write fractions. A whole number is an id to whoever sent it, which comes back digit by digit or not at all.
 */
export function isHeld(text: string): boolean {
  if (text.length > LONGEST) return false;
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  // JavaScript has 15 digits, whatever they are, but next to nothing.
  if (String(value) === text || (text.length <= 15 && Math.abs(value) > 1e-300)) return true;
  const given = plain(text);
  if (plain(String(value)) === given) return true;
  return !Number.isInteger(value) && plain(value.toPrecision(17)) === given;
}

/** What is said of a number that is not. */
export const notHeld = () =>
  new GatewayError(
    'BAD_INPUT',
    'A number is too large or too precise to be kept: send it as text.',
  );

/** JSON with numbers beyond all bounds, which are read as infinite, for those that would be changed without a word. */
export const markedText = (text: string): string => rewriteNumbers(text, mark);

const mark = (number: string) => {
  if (isHeld(number)) return null;
  return number.startsWith('-') ? '-1e400' : '1e400';
};

/** `JSON.parse`, with infinity for each number that it would change without a word. Throws SyntaxError. */
export const parseMarking = (text: string): unknown => parseAs(text, mark);

/** `JSON.parse`, for what cannot be refused: such a number becomes a text of what was written. Throws SyntaxError. */
export const parseKeeping = (text: string): unknown =>
  parseAs(text, (number) => (isHeld(number) ? null : `"${number}"`));

/** As it is first: what is no JSON is told by its own places. */
function parseAs(text: string, wordFor: (number: string) => string | null): unknown {
  const value: unknown = JSON.parse(text);
  // What most requests are: to look at the values costs less than to look through the text.
  if (!hasNumber(value)) return value;
  const rewritten = rewriteNumbers(text, wordFor);
  return rewritten === text ? value : JSON.parse(rewritten);
}

/** Whether all numbers of a value that was read so are those that were sent. */
export const areExact = (value: unknown): boolean =>
  !hasPart(value, (one) => typeof one === 'number' && !Number.isFinite(one));

const hasNumber = (value: unknown) => hasPart(value, (one) => typeof one === 'number');

/** Whether a value of JSON, or anything in it, is so. */
function hasPart(value: unknown, isSo: (part: unknown) => boolean): boolean {
  const left = [value];
  for (const one of left) {
    if (isSo(one)) return true;
    if (typeof one !== 'object' || one === null) continue;
    for (const part of Object.values(one)) left.push(part);
  }
  return false;
}

/** Digits without zeros around them, and their power of ten. */
function plain(text: string): string {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? '0' : `${significant}e${power}`;
}

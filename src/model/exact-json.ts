import { GatewayError } from './errors.ts';

/** More characters than any number needs that JavaScript can hold, zeros and all. */
const LONGEST = 400;

/**
 * Whether a number of JSON is the same after JavaScript has read it: as it writes it, or with all 17 digits, as others
 * write fractions. A whole number is an id to whoever sent it, which comes back digit by digit or not at all.
 */
export function isHeld(text: string): boolean {
  const value = Number(text);
  if (text.length > LONGEST || !Number.isFinite(value)) return false;
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

/** All other numbers are held: JavaScript has 15 digits, whatever they are. */
const SUSPECT = /[\d.]{16}|\d[eE][+-]?\d/;

/** `JSON.parse`, with NaN for each number that it would change without a word. Throws SyntaxError. */
export const parseMarking = (text: string): unknown =>
  SUSPECT.test(text) ? JSON.parse(text, marking) : JSON.parse(text);

/** What does so where others parse. */
export const marking = (_key: string, value: unknown, context?: Written): unknown =>
  isLost(value, context) ? Number.NaN : value;

/** `JSON.parse`, for what cannot be refused: such a number becomes a text of what was written. Throws SyntaxError. */
export const parseKeeping = (text: string): unknown =>
  SUSPECT.test(text) ? JSON.parse(text, keeping) : JSON.parse(text);

const keeping = (_key: string, value: unknown, context?: Written): unknown =>
  isLost(value, context) ? (context?.source ?? String(value)) : value;

/** Node tells a third thing, which the types do not know: how a number was written. */
interface Written {
  readonly source?: string;
}

const isLost = (value: unknown, context?: Written) =>
  typeof value === 'number' && !isHeld(context?.source ?? String(value));

/** Whether all numbers of a value that was read so are those that were sent. */
export function areExact(value: unknown): boolean {
  const left = [value];
  for (const one of left) {
    if (typeof one === 'number' && !Number.isFinite(one)) return false;
    if (typeof one !== 'object' || one === null) continue;
    for (const part of Object.values(one)) left.push(part);
  }
  return true;
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

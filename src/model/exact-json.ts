import { GatewayError } from './errors.ts';

/** More characters than any number needs that JavaScript can hold, zeros and all. */
const LONGEST = 400;

/** Whether a number of JSON is the same after JavaScript has read it: as it writes it, or with all 17 digits. */
export function isHeld(text: string): boolean {
  const value = Number(text);
  if (text.length > LONGEST || !Number.isFinite(value)) return false;
  return [String(value), value.toPrecision(17)].some((own) => plain(own) === plain(text));
}

/** Whether a number that was read already is one that certainly was sent so: from 2^53 on others are read as it, too. */
export const isCertain = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

/** What is said of a number that is not. */
export const notHeld = () =>
  new GatewayError(
    'BAD_INPUT',
    'A number is too large or too precise to be kept: send it as text.',
  );

/** `JSON.parse`, which by itself would change such numbers without a word. Throws BAD_INPUT for one, and SyntaxError. */
export const parseExactly = (text: string): unknown => JSON.parse(text, exact);

/** `JSON.parse`, for what cannot be refused: such a number becomes a text of what was written. Throws SyntaxError. */
export const parseKeeping = (text: string): unknown =>
  JSON.parse(text, (_key, value, context?: Written) =>
    isLost(value, context) ? (context?.source ?? String(value)) : value,
  );

/** Node tells a third thing, which the types do not know: how a number was written. */
interface Written {
  readonly source?: string;
}

const isLost = (value: unknown, context?: Written) =>
  typeof value === 'number' && !isHeld(context?.source ?? String(value));

function exact(_key: string, value: unknown, context?: Written): unknown {
  if (isLost(value, context)) throw notHeld();
  return value;
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

import { GatewayError } from './errors.ts';

/** Digits with an optional leading plus sign (VoipNow, Hang up PhoneCalls, `phoneNumber`). */
export const isPhoneNumber = (text: string) => /^\+?\d{1,32}$/.test(text);

/** Gives the number back, or refuses. */
export function phoneNumber(text: string): string {
  if (isPhoneNumber(text)) return text;
  throw new GatewayError('PHONE_NUMBER_INVALID');
}

/** What may be dialled: a phone number, or an extension in full or short form. */
export const isDialable = (text: string) => /^\+?[\d*#]{1,32}$/.test(text);

/** Whether two spellings mean the same number; a plus sign makes no difference. */
export const sameNumber = (a: string | null, b: string) =>
  a !== null && a.replace(/^\+/, '') === b.replace(/^\+/, '');

/** A name that can be shown for a caller: no quotes and no brackets, which end it on the wire. */
export const isCallerName = (text: string) => /^[\p{L}\p{M}\p{N} .,'&+-]{1,64}$/u.test(text);

// The smallest metadata: what a number of a country may be is asked for a spelling to look up, and a number that
// is of no subscriber yet does no harm there. The larger ones would have to be as new as every numbering plan.
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { NumberRules } from '../model/number-rules.ts';

/**
 * How an extension may be written that a switch calls by this number, the likeliest first: as it is, as a short
 * number in full, with another beginning, and as one writes numbers of that country.
 */
export function spellingsOf(rules: NumberRules, number: string): readonly string[] {
  const inFull =
    rules.extensions !== null && /^\d+$/.test(number) ? [rules.extensions + number] : [];
  const outside = outsideOf(rules, number).flatMap((text) => phoneNumberOf(rules, text) ?? []);
  const beginnings = [number, ...outside.map((phone) => phone.number as string)];
  const replaced = beginnings.flatMap((text) =>
    rules.replace
      .filter(({ from }) => text.startsWith(from))
      .map(({ from, to }) => to + text.slice(from.length)),
  );
  const asOneWrites = outside.flatMap((phone) => writingsOf(rules, phone));
  return [...new Set([number, ...inFull, ...replaced, ...asOneWrites])];
}

/** What is dialled before a number of another country: in most, and where the country's own code is 1. */
const ABROAD = ['00', '011'];

/** How a switch may call a number, however that one is written: as anybody there may have dialled it. */
export function dialledAs(rules: NumberRules, number: string): readonly string[] {
  const written = spellingsOf(rules, number);
  const international = written.filter((text) => /^\+\d+$/.test(text)).map((text) => text.slice(1));
  const abroad = rules.country ? international.flatMap((text) => ABROAD.map((a) => a + text)) : [];
  const inside = [...written, ...abroad];
  const { outside } = rules;
  const prefixed =
    outside === null
      ? []
      : inside.filter((text) => /^\d+$/.test(text)).map((text) => outside + text);
  return [...new Set([...inside, ...prefixed])];
}

/** What the switch calls an extension, given in full. */
export const onSwitch = ({ extensions }: NumberRules, number: string): string =>
  extensions !== null && number.startsWith(extensions) ? number.slice(extensions.length) : number;

/** The number, and what is left of it behind the digits for an outside line. */
function outsideOf({ outside }: NumberRules, number: string): string[] {
  const isPrefixed = outside !== null && number.startsWith(outside);
  return isPrefixed ? [number, number.slice(outside.length)] : [number];
}

function phoneNumberOf({ country }: NumberRules, text: string): PhoneNumber | undefined {
  if (!/^\+?\d{4,18}$/.test(text)) return undefined;
  const options = { extract: false, ...(country && { defaultCountry: country }) };
  const phone = parsePhoneNumberFromString(text, options);
  return phone?.isPossible() ? phone : undefined;
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

/** E.164 with and without its plus sign, and as it is dialled within its country. */
function writingsOf({ country }: NumberRules, phone: PhoneNumber): string[] {
  const atHome = phone.country === country ? [digitsOf(phone.formatNational())] : [];
  return [phone.number, digitsOf(phone.number), ...atHome];
}

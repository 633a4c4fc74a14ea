import type { CountryCode } from 'libphonenumber-js/min';

/** How a switch calls numbers, and whose they are there. */
export interface NumberRules {
  /** Where numbers without a plus sign are dialled; null recognises none of them. */
  readonly country: CountryCode | null;
  /** Digits that come before an outside number. */
  readonly outside: string | null;
  /** What makes a short number an extension's in full, when it is put before it. */
  readonly extensions: string | null;
  /** Beginnings of numbers, in E.164 or as they are dialled, and what extensions begin with instead. */
  readonly replace: readonly { readonly from: string; readonly to: string }[];
  /** Key of the organization that all calls of the switch belong to. */
  readonly organization: string | null;
}

/** A number means what it says. */
export const PLAIN_NUMBERS: NumberRules = {
  country: null,
  outside: null,
  extensions: null,
  replace: [],
  organization: null,
};

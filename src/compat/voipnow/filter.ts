import { z } from 'zod';

/** What `filterOp` may say, in VoipNow's spelling; one error text calls the last one `onArray`. */
export const FILTER_OPS = [
  'equals',
  'contains',
  'startsWith',
  'present',
  'greaterThan',
  'lessThan',
  'inArray',
] as const;
export type FilterOp = (typeof FILTER_OPS)[number];

/** Which entries of a list are wanted. */
export interface Filter {
  readonly by: string;
  readonly op: FilterOp;
  /** One of them for `inArray`, else the only one; none for `present`. */
  readonly values: readonly string[];
}

/** A resource as it goes to clients. */
export type Resource = Readonly<Record<string, unknown>>;

/** Whether an entry is what the filter asks for; what is absent is nothing that could be compared. */
export function passes({ by, op, values }: Filter, entry: Resource): boolean {
  const value = entry[by];
  if (typeof value !== 'string' || value === '') return false;
  return op === 'present' || values.some((wanted) => COMPARE[op](value, wanted));
}

const COMPARE: Record<Exclude<FilterOp, 'present'>, (value: string, wanted: string) => boolean> = {
  equals: isSame,
  inArray: isSame,
  contains: (value, wanted) => value.includes(wanted),
  startsWith: (value, wanted) => value.startsWith(wanted),
  greaterThan: (value, wanted) => isLess(wanted, value),
  lessThan: isLess,
};

/** Dates are the same in any zone. */
function isSame(a: string, b: string): boolean {
  return a === b || (isDate(a) && isDate(b) && Date.parse(a) === Date.parse(b));
}

/** Numbers as numbers, dates as dates, and all else as text. */
function isLess(a: string, b: string): boolean {
  const both = (fits: (text: string) => boolean) => fits(a) && fits(b);
  if (both(isNumber)) return Number(a) < Number(b);
  return both(isDate) ? Date.parse(a) < Date.parse(b) : a < b;
}

const isNumber = (text: string) => /^\d+$/.test(text);
const DAY = z.iso.date();
/** Whether it is a date that the calendar has, with or without the time of day. */
export const isDate = (text: string) =>
  DAY.safeParse(text.slice(0, 10)).success && !Number.isNaN(Date.parse(text));

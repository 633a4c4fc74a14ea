import { isDate } from './filter.ts';

/** Moments that together have a digit beside each other one with which it is a month, a day or an hour. */
const MOMENTS = ['2000-10-10T00:00:00Z', '2000-01-01T10:10:10Z', '2010-10-10T00:00:00Z'];
const LENGTH = 20;

/** Whether a moment, as it is printed, can begin with such a text. */
export const mayBeginDate = (part: string) => standsAt(part, 0);

/** Whether a moment, as it is printed, can have such a text within. */
export const mayBeWithinDate = (part: string) =>
  Array.from({ length: LENGTH }, (_, at) => at).some((at) => standsAt(part, at));

const standsAt = (part: string, at: number) =>
  at + part.length <= LENGTH &&
  MOMENTS.map((moment) => moment.slice(0, at) + part + moment.slice(at + part.length)).some(
    (moment) => PRINTED.test(moment) && isDate(moment),
  );

const PRINTED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

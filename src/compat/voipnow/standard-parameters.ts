import { mayBeginDate, mayBeWithinDate } from './date-part.ts';
import { Fault } from './fault.ts';
import { FILTER_OPS, type Filter, type FilterOp, isDate } from './filter.ts';
import { onlyOne } from './only-one.ts';

/** What a resource has, and what lists of it may be filtered by. */
export interface Fields {
  readonly all: readonly string[];
  readonly filterable: readonly string[];
}

/** Standard-Request-Parameters (Data Types). Names that are not known are ignored: 4PSA's own client misspells one. */
export interface StandardParameters {
  readonly count: number;
  readonly startIndex: number;
  /** Null means all of them. */
  readonly fields: readonly string[] | null;
  readonly filter: Filter | null;
  readonly descending: boolean;
}

const STANDARD_COUNT = 20;
/** The most that `count` and `startIndex` may be. */
export const MOST = 5000;
/** Fields that are dates, of whatever they are. */
const DATES = ['published', 'modified'];
/** Fields that are numbers, written as texts. */
const NUMBERS = ['type', 'method', 'status'];

/** The names under which a filter comes. */
export const FILTER_NAMES = ['filterBy', 'filterOp', 'filterValue', 'filterValue[]'] as const;

/** Reads the parameters of a list; an empty one counts as absent. */
export function standardParameters(query: URLSearchParams, fields: Fields): StandardParameters {
  return { ...pageOf(query, fields), filter: filterOf(query, fields) };
}

/** Refuses what a list would refuse, where there is no list and the parameters choose nothing. */
export const refuseMalformed = (query: URLSearchParams, fields: Fields) =>
  void pageOf(query, fields);

const pageOf = (query: URLSearchParams, fields: Fields) => ({
  count: wholeNumber(query, 'count', { standard: STANDARD_COUNT, least: 1 }),
  startIndex: wholeNumber(query, 'startIndex', { standard: 0, least: 0 }),
  fields: fieldsOf(query, fields),
  descending: isDescending(query),
});

function wholeNumber(
  query: URLSearchParams,
  name: string,
  { standard, least }: { standard: number; least: number },
): number {
  const text = onlyOne(query, name) || String(standard);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= MOST) return number;
  const message = `The ${name} must be a whole number from ${least} to ${MOST}.`;
  throw new Fault(`${name.toLowerCase()}_invalid`, message);
}

/** `fields`, for whatever answers with resources: a comma list, or the name several times. */
export function fieldsOf(query: URLSearchParams, { all }: Fields): readonly string[] | null {
  const asked = listOf(query, 'fields');
  if (asked.length === 0 || asked.includes('@all')) return null;
  const unknown = asked.find((name) => !all.includes(name));
  if (unknown === undefined) return asked;
  throw new Fault('fields_invalid', `The fields must be some of ${all.join(', ')}.`);
}

function filterOf(query: URLSearchParams, { filterable }: Fields): Filter | null {
  const by = onlyOne(query, 'filterBy') ?? '';
  const values = valuesOf(query);
  const sentOp = onlyOne(query, 'filterOp') ?? '';
  if (by === '' && sentOp === '' && values.length === 0) return null;
  if (!filterable.includes(by)) {
    throw new Fault('filterby_invalid', `The filterBy must be one of ${filterable.join(', ')}.`);
  }
  const op = opOf(sentOp, by);
  if (op === 'present') return { by, op, values: [] };
  const wanted = op === 'inArray' ? values.flatMap(partsOf) : values;
  if (op !== 'inArray' && wanted.length > 1) {
    throw new Fault('filtervalue_invalid', 'The filterValue must come once, but for inArray.');
  }
  if (wanted.length > 0) {
    if (NUMBERS.includes(by)) wanted.forEach(checkNumber);
    return { by, op, values: DATES.includes(by) ? wanted.map((one) => dateOf(one, op)) : wanted };
  }
  throw new Fault('filtervalue_invalid', 'The filterValue must say what to compare with.');
}

/** A part of a number is one, too. */
function checkNumber(sent: string): void {
  if (/^\d+$/.test(sent)) return;
  throw new Fault('filtervalue_invalid', 'The filterValue must be a number such as 1.');
}

/** A date to compare with, or a part of one to be found in dates; an unescaped plus has come as a space. */
function dateOf(sent: string, op: FilterOp): string {
  const date = sent.replace(/ (?=\d\d:?\d\d$)/, '+');
  const isPart = op === 'contains' ? mayBeWithinDate : op === 'startsWith' ? mayBeginDate : isDate;
  if (isPart(date) || isDate(date)) return date;
  throw new Fault(
    'filtervalue_invalid',
    'The filterValue must be a date such as 2015-01-23T04:56:22Z.',
  );
}

/** No page says what is meant without it: OpenSocial means `contains`, and ids are whole. */
function opOf(sent: string, by: string): FilterOp {
  if (sent === '') return by === 'id' ? 'equals' : 'contains';
  const op = FILTER_OPS.find((one) => one === sent || (one === 'inArray' && sent === 'onArray'));
  if (op) return op;
  throw new Fault('filterop_invalid', `The filterOp must be one of ${FILTER_OPS.join(', ')}.`);
}

const valuesOf = (query: URLSearchParams) =>
  [...query.getAll('filterValue'), ...query.getAll('filterValue[]')].filter(Boolean);

const listOf = (query: URLSearchParams, name: string) =>
  [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap(partsOf);

/** `a,b` and `["a","b"]`. */
const partsOf = (text: string) =>
  text
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((part) => part.trim().replace(/^"(.*)"$/s, '$1'))
    .filter(Boolean);

function isDescending(query: URLSearchParams): boolean {
  const order = (onlyOne(query, 'sortOrder') || 'ascending').toLowerCase();
  if (['ascending', 'asc'].includes(order)) return false;
  if (['descending', 'desc'].includes(order)) return true;
  throw new Fault('sortorder_invalid', 'The sortOrder must be ascending or descending.');
}

/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object, such as a call's user data. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Deeper than this nothing is taken: no switch carries it, and code that walks it must not run out of stack. */
export const DEEPEST_JSON = 32;

/** Whether the value has no more levels of objects and lists than are taken. */
export const isShallow = (value: unknown, levels = DEEPEST_JSON): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1)));

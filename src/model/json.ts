/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object, such as a call's user data. */
export interface JsonObject {
  readonly [key: string]: Json;
}

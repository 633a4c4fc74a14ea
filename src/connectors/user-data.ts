import { parseKeeping } from '../model/exact-json.ts';
import { isShallow, type Json, type JsonObject } from '../model/json.ts';

/**
 * The user data in a text that a switch carries, or null when that is no JSON object. A number that JavaScript would
 * change is a text of its digits; a pair that is null is none.
 */
export function parseUserData(text: string): JsonObject | null {
  try {
    const value = parseKeeping(text);
    return isObject(value) && isShallow(value) ? merged(value, {}) : null;
  } catch {
    return null;
  }
}

/** The text for a switch to carry; empty takes it away. */
export const userDataText = (data: JsonObject) =>
  Object.keys(data).length === 0 ? '' : JSON.stringify(data);

/** The data with a patch merged in; null deletes a key. */
export const merged = (data: JsonObject, patch: Readonly<Record<string, Json>>): JsonObject =>
  Object.fromEntries(Object.entries({ ...data, ...patch }).filter(([, value]) => value !== null));

/** JSON.parse gives no other objects. */
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

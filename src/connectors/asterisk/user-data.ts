import { isShallow, type Json, type JsonObject } from '../../model/json.ts';

/** The user data in a variable's text; what is no JSON object counts as none. */
export function parseUserData(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) && isShallow(value) ? value : {};
  } catch {
    return {};
  }
}

/** The text for a variable; empty deletes it. */
export const userDataText = (data: JsonObject) =>
  Object.keys(data).length === 0 ? '' : JSON.stringify(data);

/** The data with a patch merged in; null deletes a key. */
export const merged = (data: JsonObject, patch: Readonly<Record<string, Json>>): JsonObject =>
  Object.fromEntries(Object.entries({ ...data, ...patch }).filter(([, value]) => value !== null));

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { parseMarking } from '../model/exact-json.ts';
import { DEEPEST_JSON as DEEPEST, type JsonObject } from '../model/json.ts';

/** The object of a line, or what is wrong with the line. */
export function parseLine(line: string): JsonObject | string {
  let value: unknown;
  try {
    // JSON.parse's own message quotes the line, which may hold a password.
    value = parseMarking(line);
  } catch {
    return 'is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'is not a JSON object';
  }
  // A non-array object out of JSON.parse is a JsonObject.
  return unstorable(value, 1) ?? (value as JsonObject);
}

/** Why Postgres could not keep the value as it is, or null. */
function unstorable(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return unstorableText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'has a number out of range';
  if (typeof value !== 'object' || value === null) return null;
  if (depth > DEEPEST) return `is nested deeper than ${DEEPEST} levels`;
  for (const [key, part] of Object.entries(value)) {
    const reason = unstorableText(key) ?? unstorable(part, depth + 1);
    if (reason) return reason;
  }
  return null;
}

function unstorableText(text: string): string | null {
  if (text.includes('\0')) return 'has a NUL character';
  return text.isWellFormed() ? null : 'has half of a surrogate pair';
}

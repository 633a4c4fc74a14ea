import { GatewayError } from '../../model/errors.ts';
import { DEEPEST_JSON, isShallow, type Json, type JsonObject } from '../../model/json.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { decodeName } from '../path-params.ts';
import { Refused } from '../refusal.ts';

/** A parameter of the body, or a refusal: Return Values, statusCode 1. */
function parameter(body: JsonObject, name: string): Json {
  const value = body[name];
  if (value !== undefined && value !== null && value !== '') return value;
  throw new Refused('PARAMETER_MISSING', `The required parameter ${name} is missing.`);
}

const malformed = (name: string, what: string) =>
  new GatewayError('BAD_INPUT', `The parameter ${name} must be ${what}.`);

/** A text of the body. */
export function textOf(request: LegacyRequest, name: string): string {
  return asText(parameter(jsonObjectOf(request), name), name);
}

/** A text that may be left out. */
export function optionalText(request: LegacyRequest, name: string): string | null {
  const value = jsonObjectOf(request)[name];
  return value === undefined || value === null || value === '' ? null : asText(value, name);
}

function asText(value: Json, name: string): string {
  if (typeof value !== 'string') throw malformed(name, 'a string');
  return inUtf8(value, name);
}

/** An object of the body. */
export function objectOf(request: LegacyRequest, name: string): JsonObject {
  return asObject(parameter(jsonObjectOf(request), name), name);
}

/** An object that may be left out. */
export function optionalObject(request: LegacyRequest, name: string): JsonObject | null {
  const value = jsonObjectOf(request)[name];
  return value === undefined || value === null ? null : asObject(value, name);
}

function asObject(value: Json, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(name, 'an object');
  }
  if (!isShallow(value)) throw malformed(name, `an object of at most ${DEEPEST_JSON} levels`);
  return inUtf8(value as JsonObject, name); // no array, and no null
}

/** What stands for bytes that were no UTF-8 is nothing to be kept: of a name in Latin-1 nobody could say whose it was. */
function inUtf8<Value extends Json>(value: Value, name: string): Value {
  if (JSON.stringify(value).includes('\ufffd')) throw malformed(name, 'in UTF-8');
  return value;
}

/** The number of a `destination`. */
export function destinationOf(request: LegacyRequest): string {
  const number = parameter(objectOf(request, 'destination'), 'phoneNumber');
  return asText(number, 'phoneNumber');
}

/** The call's id at the end of an absolute or relative URI of a call. Throws `GatewayError` BAD_INPUT when there is none. */
export function callIdIn(uri: string): string {
  const [, sent = ''] = /\/calls\/([^/?#]+)\/?(?:[?#].*)?$/.exec(uri) ?? [];
  const id = decodeName(sent);
  if (id) return id;
  throw new GatewayError('BAD_INPUT', 'This is not the URI of a call.');
}

import fc from 'fast-check';
import type { Question } from './asking.ts';

const escaped = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((text) => encodeURIComponent(text.toWellFormed()));
const nasty = fc.constantFrom(
  ...[
    '',
    '.',
    '..',
    '%2e',
    '%',
    '%zz',
    '%00',
    '%ED%A0%80',
    '%2F',
    '%5C',
    '%252e',
    '*',
    '@me',
    '@self',
  ],
  ...[
    '@owner',
    '0003*210',
    '0',
    '5',
    '7d280cc4feae3255a497',
    'constructor',
    '__proto__',
    "'--",
    '🜁',
  ],
  'x'.repeat(10_000),
);
const segment = fc.oneof(nasty, escaped);
const word = fc.constantFrom('extensions', 'phoneCalls', 'phoneCallEvents', 'me', 'calls', 'api');
const path = fc.tuple(
  fc.constantFrom('/uapi', '/unifiedapi', '/api/v2', '/verba/api'),
  fc.oneof(
    fc.array(fc.oneof(word, segment), { maxLength: 8 }).map((parts) => ['', ...parts].join('/')),
    fc
      .tuple(segment, segment, segment)
      .map(([a, b, c]) => `/extensions/${a}/${b}/phoneCallEvents/${c}`),
    fc.tuple(segment, segment, segment).map(([a, b, c]) => `/phoneCalls/${a}/${b}/${c}`),
    segment.map((id) => `/me/calls/${id}`),
    fc.constant(''),
  ),
);
const name = fc.constantFrom(
  ...['phoneNumber', 'accessRequestToken', 'action', 'apiKey', 'token', 'responseType', 'callID'],
  ...['platformCallID', 'nativeID', 'meetingID', 'extension', 'status', 'filterBy', '__proto__'],
);
const value = fc.oneof(
  segment,
  fc.constantFrom('DeleteCall', 'last', 'ongoing,next', 'HTML', 'TEXT'),
);
const query = fc
  .array(fc.tuple(name, value), { maxLength: 8 })
  .map((pairs) => pairs.map(([key, text]) => `${key}=${text}`).join('&'));
const authorization = fc.oneof(
  fc.constantFrom('Bearer demo-alice-token', 'Bearer', 'Basic', 'Basic ====', 'nonsense', ''),
  fc.string({ unit: 'binary' }).map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
);
const body = fc.option(
  fc.oneof(
    query,
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '{"operationName":"DeleteUserData"}',
      '{"operationName":["a"]}',
      '['.repeat(9999),
    ),
  ),
  { nil: undefined },
);
/** Requests that mean harm, or are nonsense, on every path and in every parameter of every dialect. */
export const hostile: fc.Arbitrary<Question> = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'QUERY'),
    target: fc.tuple(path, query).map(([[base, rest], given]) => `${base}${rest}?${given}`),
    authorization,
    cookie: fc.constantFrom('', 'JSESSIONID=', 'JSESSIONID=x', ';;=;JSESSIONID="'),
    type: fc.constantFrom(
      '',
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ),
    body,
  })
  .map(({ method, target, type, cookie, authorization: sent, body: given }) => ({
    method,
    target,
    headers: { cookie, 'content-type': type, authorization: sent },
    ...(given !== undefined && method !== 'GET' && method !== 'HEAD' && { body: given }),
  }));

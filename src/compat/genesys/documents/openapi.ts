import type { Route } from '../../dialect.ts';
import { SUBRESOURCES } from '../me.ts';
import { REFUSALS } from '../refusals.ts';
import { answerAt, isWhole } from './answers.ts';
import { FORGED, TOKEN_HEADERS, TOKEN_PARAMETER } from './forgery.ts';
import { PARAMETERS } from './parameters.ts';
import { SCHEMAS } from './schemas.ts';
import { ref } from './words.ts';

/** The OpenAPI 3.1 document of the route table. @param server the base that clients use */
export function openapiOf(routes: readonly Route[], server: string): object {
  const rows = routes.flatMap((route) => route.methods.map((method) => ({ route, method })));
  const byPath = Map.groupBy(rows, ({ route }) => route.path.replaceAll(/:(\w+)/g, '{$1}'));
  const paths = [...byPath].map(([path, here]) => {
    const byMethod = Map.groupBy(here, ({ method }) => method.toLowerCase());
    const operations = [...byMethod].map(([method, same]) => [
      method,
      operationOf(
        path,
        method,
        same.flatMap(({ route }) => route.operation ?? []),
      ),
    ]);
    return [path, { ...parametersOf(path), ...Object.fromEntries(operations) }];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Genesys Web Services v2, as Tandem speaks it',
      version: '2.0.0',
      description: 'The voice API: a desktop’s user, its telephones and its calls.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: server }],
    security: [{ basic: [] }, { bearer: [] }, { session: [] }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'JSESSIONID' },
      },
    },
  };
}

function parametersOf(path: string): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (names.length === 0) return {};
  const schema = { type: 'string' };
  return { parameters: names.map((name) => ({ name, in: 'path', required: true, schema })) };
}

function operationOf(path: string, method: string, names: readonly string[]): object {
  const words = path.replaceAll(/[/{}-]+(\w?)/g, (_, letter: string) => letter.toUpperCase());
  const what = names.length > 0 ? `One of ${names.join(', ')}.` : `What is at ${path}.`;
  return {
    operationId: `${method}${words}`,
    summary: what,
    parameters: method === 'get' ? selectionOf(path) : [TOKEN_PARAMETER],
    ...(names.length > 0 && { requestBody: bodyOf(names) }),
    responses:
      method === 'get'
        ? { 200: given(path), ...REFUSED }
        : { 200: DONE, ...REFUSED, 413: TOO_LARGE },
  };
}

/** What a GET gives of what is there. */
function selectionOf(path: string): readonly object[] {
  if (isWhole(path)) return [];
  const named = (name: string, description: string) => ({
    ...{ name, description, in: 'query', schema: { type: 'string' } },
  });
  const fields = named(
    'fields',
    'Attributes between commas, or `*`; a list has only URIs without.',
  );
  const parts = named('subresources', `\`*\`, or some of ${SUBRESOURCES.join(', ')}.`);
  return /^\/(?:me|users\/\{id\})$/.test(path) ? [fields, parts] : [fields];
}

const bodyOf = (names: readonly string[]) => ({
  required: true,
  content: { 'application/json': { schema: { oneOf: names.map(inputOf) } } },
});

function inputOf(operationName: string): object {
  const { required = {}, optional = {} } = PARAMETERS[operationName] ?? {};
  return {
    type: 'object',
    title: operationName,
    properties: { operationName: { const: operationName }, ...required, ...optional },
    required: ['operationName', ...Object.keys(required)],
  };
}

const json = (schema: object) => ({ 'application/json': { schema } });

const given = (path: string) => ({
  description: isWhole(path)
    ? 'What is there.'
    : 'What is there; with `fields`, the attributes that are asked for alone.',
  headers: TOKEN_HEADERS,
  content: json(answerAt(path)),
});

const DONE = {
  description: 'Accepted: what comes of it is notified.',
  content: json(ref('Done')),
};

const TOO_LARGE = { description: 'statusCode 10', content: json(ref('Refusal')) };

/** One for each status with which something is refused. */
const REFUSED = Object.fromEntries(
  [...Map.groupBy(Object.values(REFUSALS), ([status]) => String(status))].map(([status, words]) => {
    const codes = [...new Set(words.map(([, statusCode]) => statusCode))].join(', ');
    const content = { ...json(ref('Refusal')), ...(status === '403' && FORGED) };
    return [status, { description: `statusCode ${codes}`, content }];
  }),
);

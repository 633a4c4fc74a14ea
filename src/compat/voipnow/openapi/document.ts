import type { Route } from '../../dialect.ts';
import { bodyOf } from './body.ts';
import { type Docs, docsOf, QUERY, type SchemaName } from './docs.ts';
import { OAUTH_SCHEMAS, oauthPaths } from './oauth-paths.ts';
import { pathParameters } from './path-parameters.ts';
import { SCHEMAS } from './schemas.ts';

const TAGS = [
  { name: 'PhoneCalls', description: 'Calls that are live.' },
  {
    name: 'PhoneCallEvents',
    description: 'Rules: what to request on which event of an extension.',
  },
  { name: 'Presence', description: 'What extensions do.' },
  { name: 'OAuth', description: 'How apps come by tokens.' },
];

/** Rows of the same path and method: one operation, with several bodies. */
type Rows = readonly [Route, ...Route[]];

/** What the base is called besides: clients may use either. */
const NAMES = ['uapi', 'unifiedapi'];

function serversOf(server: string) {
  const { origin, pathname } = new URL(server);
  const others = NAMES.map((name) => `/${name}`).filter((path) => path !== pathname);
  return [
    { url: server, description: 'The UnifiedAPI.' },
    ...others.map((path) => ({
      url: origin + path,
      description: 'The same under its other name.',
    })),
  ];
}

/** The OpenAPI 3.1 document of a route table. @param server the base that clients use. */
export function openapiOf(routes: readonly Route[], server: string): object {
  const paths: Record<string, Record<string, object>> = {};
  const operations = Map.groupBy(
    routes.flatMap((route) => pathsOf(route).map((path) => ({ route, path }))),
    ({ route, path }) => `${route.methods[0]?.toLowerCase()} ${shapeOf(path)}`,
  );
  for (const [key, rows] of operations) {
    const [method = '', shape = ''] = key.split(' ');
    const known = Object.keys(paths).find((path) => shapeOf(path) === shape);
    const path = known ?? rows[0]?.path ?? '';
    const [first, ...rest] = rows.map(({ route }) => route);
    if (first) paths[path] = { ...paths[path], [method]: operationOf([first, ...rest], path) };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'VoipNow UnifiedAPI, as Tandem speaks it', version: '1.0.0' },
      description:
        'Paths, parameters and answers are 4PSA’s; what they say of calls is what the switches say.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: serversOf(server),
    tags: TAGS,
    security: [{ token: [] }, { tokenInQuery: [] }],
    paths: { ...paths, ...oauthPaths(new URL(server).origin) },
    components: {
      schemas: { ...SCHEMAS, ...OAUTH_SCHEMAS },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of `/oauth/token.php`.' },
        tokenInQuery: {
          ...{ type: 'apiKey', in: 'query', name: 'accessRequestToken' },
          description: 'The same in the query.',
        },
      },
    },
  };
}

/** `/a/:b/:c?/:d?` is three paths. */
function pathsOf({ path }: Route): string[] {
  const segments = path.split('/').slice(1);
  const optional = segments.filter((segment) => segment.endsWith('?')).length;
  return Array.from({ length: optional + 1 }, (_, missing) =>
    segments
      .slice(0, segments.length - missing)
      .map((segment) => `/${segment.replace(/^:(\w+)\??$/, '{$1}')}`)
      .join(''),
  );
}

/** Paths that differ in the names of their parameters alone are the same. */
const shapeOf = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');

function operationOf(rows: Rows, path: string): object {
  const [route] = rows;
  const about = docsOf(route);
  const bodies = rows.flatMap((row) => bodyOf(row) ?? []);
  const [body] = bodies;
  return {
    tags: [about.tag],
    summary: rows.length === 1 ? about.summary : 'Do something with a call.',
    operationId: operationIdOf(route, path),
    parameters: [...pathParameters(path, route), ...queryParameters(about)],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: bodies.length === 1 ? body : { oneOf: bodies } } },
      },
    }),
    responses: responsesOf(about),
  };
}

const operationIdOf = ({ methods: [method = ''] }: Route, path: string) =>
  `${method.toLowerCase()}${path.replaceAll(/[/{}]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`;

const queryParameters = ({ query = [] }: Docs) =>
  query.map((name) => ({ name, in: 'query', description: QUERY[name][0], schema: QUERY[name][1] }));

const CHALLENGE = {
  'WWW-Authenticate': { description: '`Bearer`.', schema: { type: 'string' } },
};

function responsesOf({ gives, mayBeEmpty, body }: Docs): object {
  const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
  const schema = typeof gives === 'string' ? ref(gives) : { type: 'array', items: ref(gives[0]) };
  const refused = (description: string) => ({ description, content: json(ref('Error')) });
  return {
    200: { description: 'Done.', content: json(schema) },
    ...(mayBeEmpty && { 204: { description: 'There is nothing of it.' } }),
    400: refused('A parameter is wrong; the code says which.'),
    401: { ...refused('There is no valid token.'), headers: CHALLENGE },
    403: refused('The token does not allow this.'),
    ...(body && { 413: refused('The body is too large.') }),
    429: refused('Too many requests; `Retry-After` says when to come back.'),
    431: refused('The URL and the headers together are too long.'),
    500: refused('A fault of the server, or of the switch.'),
    501: refused('The switch is not capable of this.'),
    503: refused('The switch, or a part of the server, is away.'),
  };
}

const json = (schema: object) => ({ 'application/json': { schema } });

import { readFile } from 'node:fs/promises';
import type { Dialect } from '../../dialect.ts';
import type { LegacyRequest } from '../../legacy-request.ts';
import { linkBelow } from '../links.ts';
import { openapiOf } from './document.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>VoipNow UnifiedAPI</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body><div id="page"></div><script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body>
</html>
`;

const START = "SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page' });\n";

/** Nothing comes from anywhere else; Swagger UI sets styles of its own. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'public, max-age=3600',
};

const TYPES = {
  '/docs': 'text/html; charset=utf-8',
  '/docs/start.js': 'text/javascript; charset=utf-8',
  '/docs/swagger-ui.css': 'text/css; charset=utf-8',
  '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;
type Part = keyof typeof TYPES;

const textOf: Record<Part, () => Promise<string> | string> = {
  '/docs': () => PAGE,
  '/docs/start.js': () => START,
  '/docs/swagger-ui.css': () => read(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
  '/docs/swagger-ui-bundle.js': () =>
    read(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
};

const read = (url: string) => readFile(new URL(url), 'utf8');

/** What anybody may read: the document of the routes, and the page that shows it. */
export const openPages =
  (routes: Dialect['routes']) =>
  async (request: LegacyRequest): Promise<Response | undefined> => {
    if (request.method !== 'GET') return undefined;
    const path = new URL(request.url).pathname.replace(/^\/\w+/, '');
    if (path === '/openapi.json') return Response.json(openapiOf(routes, linkBelow(request, [])));
    if (!Object.hasOwn(TYPES, path)) return undefined;
    const part = path as Part; // just checked
    return new Response(await textOf[part](), {
      headers: { ...HEADERS, 'Content-Type': TYPES[part] },
    });
  };

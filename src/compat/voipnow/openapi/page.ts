import { readFile } from 'node:fs/promises';
import type { Dialect } from '../../dialect.ts';
import type { LegacyRequest } from '../../legacy-request.ts';
import { linkBelow } from '../links.ts';
import { openapiOf } from './document.ts';

/** Its parts are named in full, for it may be asked for with a slash behind it. */
const pageBelow = (base: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>VoipNow UnifiedAPI</title>
<link rel="stylesheet" href="${base}/docs/swagger-ui.css">
</head>
<body><div id="page"></div><script src="${base}/docs/swagger-ui-bundle.js"></script>
<script src="${base}/docs/start.js"></script></body>
</html>
`;

const START = `const url = new URL('../openapi.json', document.currentScript.src).href;
SwaggerUIBundle({ url, dom_id: '#page' });
`;

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

const textOf: Record<Part, (base: string) => Promise<string> | string> = {
  '/docs': pageBelow,
  '/docs/start.js': () => START,
  '/docs/swagger-ui.css': () => read(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
  '/docs/swagger-ui-bundle.js': () =>
    read(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
};

const read = (url: string) => readFile(new URL(url), 'utf8');

/** One of the dialect's bases, and what is below it, with or without a slash at its end. */
const ADDRESS = /^(\/\w+)(\/.*?)\/?$/;

/** What anybody may read: the document of the routes, and the page that shows it. */
export const openPages =
  (routes: Dialect['routes']) =>
  async (request: LegacyRequest): Promise<Response | undefined> => {
    if (!['GET', 'HEAD'].includes(request.method)) return undefined;
    const [, base = '', path = ''] = ADDRESS.exec(new URL(request.url).pathname) ?? [];
    if (path === '/openapi.json') return Response.json(openapiOf(routes, linkBelow(request, [])));
    if (!Object.hasOwn(TYPES, path)) return undefined;
    const part = path as Part; // just checked
    return new Response(await textOf[part](base), {
      headers: { ...HEADERS, 'Content-Type': TYPES[part] },
    });
  };

import { randomBytes } from 'node:crypto';

/** A piece of HTML, in which everything that came from elsewhere is escaped. */
type Html = { readonly html: string };

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

const escaped = (value: string | Html) =>
  typeof value === 'string'
    ? value.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    : value.html;

/** Makes HTML of a template; texts are escaped, pieces of HTML are not. */
export const html = (parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html => ({
  html: parts.reduce((text, part, index) => text + escaped(values[index - 1] ?? '') + part),
});

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem}
label{display:block;margin:1rem 0}input{display:block;width:100%;box-sizing:border-box;padding:.5rem;font:inherit}
button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}[role=alert]{color:#a00}`;

interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Where its form may lead besides this server. */
  readonly formTarget?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page that runs no script, loads nothing, and stands in nobody's frame. */
export function pageOf({ title, body, status = 200, formTarget, cookie, headers }: Page): Response {
  const nonce = randomBytes(16).toString('base64');
  const forms = ["'self'", ...(formTarget ? [formTarget] : [])].join(' ');
  const style = { html: `<style nonce="${nonce}">${STYLE}</style>` };
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${style}</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`;
  return new Response(page.html, {
    status,
    headers: {
      ...headers,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`,
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      ...(cookie && { 'Set-Cookie': cookie }),
    },
  });
}

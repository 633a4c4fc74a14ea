import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

test.each(['uapi', 'unifiedapi'])(
  'the document below /%s needs no token, and names its server',
  async (base) => {
    const answer = await fetch(`${tandem.url}/${base}/openapi.json`);

    expect(answer.status).toBe(200);
    const { openapi, servers } = await answer.json();
    expect(openapi).toBe('3.1.0');
    const others = ['uapi', 'unifiedapi'].filter((name) => name !== base);
    const urls = [base, ...others].map((name) => `${tandem.url}/${name}`);
    expect(servers.map(({ url }: { url: string }) => url)).toEqual(urls);
  },
);

test('the page that shows it comes whole from this server', async () => {
  const page = await fetch(`${tandem.url}/uapi/docs`);

  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const text = await page.text();
  expect(text).not.toMatch(/https?:/);
  const parts = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, part]) => part);
  const answers = await Promise.all(parts.map((part) => fetch(new URL(part ?? '', page.url))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers[1]?.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

test.each(['/uapi/openapi.json', '/uapi/docs'])('%s may be asked for by HEAD', async (path) => {
  const answer = await fetch(`${tandem.url}${path}`, { method: 'HEAD' });

  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('');
});

test('a slash behind them does no harm', async () => {
  const document = await fetch(`${tandem.url}/uapi/openapi.json/`);
  const page = await fetch(`${tandem.url}/unifiedapi/docs/`);

  expect(document.status).toBe(200);
  const parts = [...(await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)];
  const answers = await Promise.all(
    parts.map(([, part]) => fetch(new URL(part ?? '', page.url), { method: 'HEAD' })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test.each(['/uapi/docs/..%2f..%2fpackage.json', '/uapi/docs/package.json', '/uapi/'])(
  'a stranger gets nothing else: %s',
  async (path) => {
    const answer = await fetch(`${tandem.url}${path}`);

    expect(answer.status).toBe(401);
  },
);

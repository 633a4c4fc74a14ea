import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { openapiOf } from '../../src/compat/voipnow/openapi/document.ts';
import { createVoipnow } from '../../src/compat/voipnow/voipnow.ts';

const { routes } = createVoipnow();
const document = () => openapiOf(routes, 'https://tandem.example/uapi');

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId: string }>>>
  >;
}

test('the document of the routes has no fault that a linter finds', async () => {
  // The pages themselves have `/simple` where an extension may stand.
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: { 'no-ambiguous-paths': 'off' },
  });

  const problems = await lintFromString({ source: JSON.stringify(document()), config });

  expect(problems.map(({ message, location }) => `${message} ${location[0]?.pointer}`)).toEqual([]);
});

test('every row of the route table is in it', () => {
  const { paths } = document() as Document;

  const there = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`,
    ),
  );
  const rows = routes.map(
    ({ methods, path }) => `${methods[0]} ${path.replaceAll(/:\w+\??/g, '{}')}`,
  );
  expect(there).toEqual(expect.arrayContaining(rows));
});

test('what lies beside the base is in it, with its server', () => {
  const { paths } = document() as { paths: Record<string, Record<string, object>> };

  const oauth = Object.entries(paths).filter(([path]) => path.startsWith('/oauth/'));

  expect(oauth.map(([path]) => path).toSorted()).toEqual([
    ...['/oauth/authorize', '/oauth/authorize.php', '/oauth/token', '/oauth/token.php'],
  ]);
  const operations = oauth.flatMap(([, path]) => Object.values(path));
  for (const operation of operations) {
    expect(operation).toMatchObject({ servers: [{ url: 'https://tandem.example' }] });
  }
});

test('what a conference invitation may ask for, and what a large body gets, is in it', () => {
  const { paths } = document() as { paths: Record<string, object> };

  const invite = paths['/phoneCalls/{userId}/conferenceInvite'];

  expect(invite).toMatchObject({
    post: {
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'number', in: 'query' }),
        expect.objectContaining({ name: 'pin', in: 'query' }),
      ]),
      responses: { 413: expect.anything() },
    },
  });
});

test('no two operations have the same name', () => {
  const { paths } = document() as Document;

  const names = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );

  expect(new Set(names).size).toBe(names.length);
});

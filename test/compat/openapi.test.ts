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

test('what a hang-up takes besides a number is in it', () => {
  const { paths } = document() as { paths: Record<string, { delete: { parameters: object[] } }> };

  const parameters = paths['/phoneCalls/{userId}/{extension}']?.delete.parameters;

  expect(parameters?.map((one) => Object(one).name)).toEqual([
    ...['userId', 'extension', 'phoneNumber', 'count', 'startIndex', 'fields', 'sortOrder'],
    ...['filterBy', 'filterOp', 'filterValue'],
  ]);
});

test('what every operation refuses before it is looked at is in it', () => {
  const { paths } = document() as {
    paths: Record<string, Record<string, { responses: Record<string, object> }>>;
  };

  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({ path, method, responses })),
  );

  expect(operations.filter(({ responses }) => !responses['431'])).toEqual([]);
  const posted = operations.filter(({ method }) => method === 'post');
  expect(posted.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/oauth/authorize', '/oauth/authorize.php']),
  );
  expect(posted.filter(({ responses }) => !responses['413'])).toEqual([]);
});

test('the view of Create is a list of one, or the one alone', () => {
  const { paths } = document() as { paths: Record<string, object> };

  const create = paths['/phoneCalls/{userId}/simple'];

  const phoneCallView = {
    anyOf: [
      { type: 'array', maxItems: 1, items: { type: 'object' } },
      { type: 'object', required: ['destination'] },
    ],
  };
  const schema = { required: ['extension', 'phoneCallView'], properties: { phoneCallView } };
  expect(create).toMatchObject({
    post: { requestBody: { content: { 'application/json': { schema } } } },
  });
});

test('what is always in an answer is required', () => {
  const { components } = document() as {
    components: { schemas: Record<string, { required?: readonly string[] }> };
  };

  const required = ['PhoneCalls', 'EventReceipt', 'Id'].map(
    (name) => components.schemas[name]?.required,
  );

  expect(required).toEqual([
    ['totalResults', 'itemsPerPage', 'startIndex', 'entry', 'links'],
    ['id', 'links'],
    ['id'],
  ]);
});

test('an id stands in the place of the type for an update, and may for a deletion', () => {
  type Operation = { parameters: { name: string; description: string; schema: object }[] };
  const { paths } = document() as { paths: Record<string, Record<string, Operation>> };

  const operations = paths['/extensions/{userId}/{extension}/phoneCallEvents/{type}'] ?? {};
  const told = Object.entries(operations).map(([method, { parameters }]) => [
    method,
    parameters.find(({ name }) => name === 'type')?.description,
  ]);

  const type = 'An event’s type, 0 to 4.';
  expect(Object.fromEntries(told)).toEqual({
    ...{ post: type, get: type, delete: 'An event’s type, 0 to 4; or, alone, its id.' },
    put: 'An event’s id.',
  });
});

test('no two operations have the same name', () => {
  const { paths } = document() as Document;

  const names = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );

  expect(new Set(names).size).toBe(names.length);
});

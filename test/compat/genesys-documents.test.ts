import { Parser } from '@asyncapi/parser';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { genesys } from '../../src/compat/genesys/genesys.ts';
import { ask, lockedOut } from './asking.ts';

const read = async (target: string) => {
  const { text } = await ask({ method: 'GET', target, executeAs: lockedOut });
  return text;
};

test('the OpenAPI document is one, by the letter', async () => {
  const source = await read('/api/v2/openapi.json');

  const config = await createConfig({ extends: ['spec'] });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });

  expect(problems.map(({ message, location }) => [message, location[0]?.pointer])).toEqual([]);
});

test('the OpenAPI document has every operation of the table', async () => {
  const source = await read('/api/v2/openapi.json');

  const names = genesys.routes.flatMap(({ operation }) => operation ?? []);
  const missing = names.filter((name) => !source.includes(`{"const":"${name}"}`));

  expect(names.length).toBeGreaterThan(25);
  expect(missing).toEqual([]);
});

test('the OpenAPI document says what a GET can select', async () => {
  const { paths } = JSON.parse(await read('/api/v2/openapi.json'));

  const namesOf = (path: string) =>
    paths[path].get.parameters.map(({ name }: { name: string }) => name);
  expect(namesOf('/me')).toEqual(['fields', 'subresources']);
  expect(namesOf('/me/calls/{id}')).toEqual(['fields']);
  expect(namesOf('/settings/agent-states')).toEqual([]);
});

test('the OpenAPI document says what goes with a session where forgery is guarded against', async () => {
  const { paths } = JSON.parse(await read('/api/v2/openapi.json'));

  const { get, post } = paths['/me'];
  expect(post.parameters).toMatchObject([{ name: 'X-CSRF-TOKEN', in: 'header', required: false }]);
  expect(Object.keys(get.responses[200].headers)).toEqual(['X-CSRF-HEADER', 'X-CSRF-TOKEN']);
  expect(Object.keys(post.responses[403].content)).toContain('text/plain');
});

test('the AsyncAPI document says how to poll, and what goes with a session', async () => {
  const { info } = JSON.parse(await read('/api/v2/asyncapi.json'));

  expect(info.description).toContain('GET ?message=[...]&jsonp=NAME');
  expect(info.description).toContain('X-CSRF-TOKEN');
});

test('the OpenAPI document says what each GET gives, and uses all that it describes', async () => {
  const source = await read('/api/v2/openapi.json');

  const { paths, components } = JSON.parse(source);

  const answers = Object.values<{ get?: object }>(paths).flatMap(({ get }) => get ?? []);
  const described = answers.filter((one) =>
    /"required":\["statusCode","\w+"\]/.test(JSON.stringify(one)),
  );
  expect(described.length).toBe(answers.length);
  const unused = Object.keys(components.schemas).filter(
    (name) => !source.includes(`/schemas/${name}"`),
  );
  expect(unused).toEqual([]);
});

test.each([
  ['AuxWork', ['operationName', 'reasonCode']],
  ['AfterCallWork', ['operationName', 'reasonCode']],
  ['StartContactCenterSession', expect.arrayContaining(['channels', 'place', 'loginCode'])],
])('the OpenAPI document says what goes with %s', async (operation, parameters) => {
  const { paths } = JSON.parse(await read('/api/v2/openapi.json'));

  const inputs = ['/me', '/me/channels/voice'].flatMap(
    (path) => paths[path].post.requestBody.content['application/json'].schema.oneOf,
  );

  const input = inputs.find(({ title }: { title: string }) => title === operation);
  expect(Object.keys(input.properties)).toEqual(parameters);
});

test('the AsyncAPI document gives a position to calls alone', async () => {
  const { components } = JSON.parse(await read('/api/v2/asyncapi.json'));

  const placed = Object.entries(components.messages).filter(([, message]) =>
    JSON.stringify(message).includes('"replay"'),
  );

  expect(placed.map(([name]) => name)).toEqual(['CallStateChangeMessage']);
});

test('the AsyncAPI document is one, by the letter', async () => {
  const source = await read('/api/v2/asyncapi.json');

  const { document, diagnostics } = await new Parser().parse(source);

  const faults = diagnostics.filter(({ severity }) => severity === 0);
  expect(faults.map(({ message, path }) => [message, path])).toEqual([]);
  expect(
    document
      ?.channels()
      .all()
      .map((channel) => channel.address()),
  ).toEqual(['/v2/me/calls', '/v2/me/devices', '/v2/me/channels']);
});

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freshDirectory } from '../support/database.ts';

const run = promisify(execFile);
const COMPILER = new URL('../../node_modules/relay-compiler/cli.js', import.meta.url).pathname;
const SCHEMA = new URL('../../schema.graphql', import.meta.url).pathname;

const CONFIG = {
  src: './src',
  schema: './schema.graphql',
  language: 'typescript',
  customScalarTypes: { DateTime: 'string', JSON: 'object', Position: 'string' },
  eagerEsModules: true,
};

const PAGE = `
import { graphql } from 'react-relay';

export const row = graphql\`
  fragment page_call on Call @refetchable(queryName: "pageCallRefetchQuery") {
    id state userData participants { number extension { ...page_extension } }
  }
\`;

export const label = graphql\`
  fragment page_extension on Extension { number label owner { username } }
\`;

export const list = graphql\`
  fragment page_calls on Extension
  @refetchable(queryName: "pageCallsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    calls(first: $count, after: $cursor) @connection(key: "page__calls") {
      edges { node { id ...page_call } }
    }
  }
\`;

export const back = graphql\`
  fragment page_history on Query
  @refetchable(queryName: "pageHistoryPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    calls(last: $count, before: $cursor) @connection(key: "page_history__calls") { edges { node { id } } }
  }
\`;

export const query = graphql\`
  query pageQuery($number: String!) {
    viewer { username extensions(first: 10) { edges { node { ...page_calls } } } }
    extension(number: $number) { ...page_calls }
    ...page_history
  }
\`;

export const subscription = graphql\`
  subscription pageSubscription($after: Position) {
    callChanges(after: $after) {
      __typename
      ... on CallSnapshot { position call { ...page_call } }
      ... on CallChanged { position kind call { ...page_call } }
      ... on CallDeleted { position callId @deleteRecord }
    }
  }
\`;

export const mutation = graphql\`
  mutation pageMutation($input: HangupPhoneCallInput!) {
    hangupPhoneCall(input: $input) { calls { id state } }
  }
\`;
`;

test('relay-compiler accepts fragments, refetching, pagination and a subscription', async () => {
  await using directory = await freshDirectory();
  const { path } = directory;
  await mkdir(join(path, 'src'));
  await cp(SCHEMA, join(path, 'schema.graphql'));
  await writeFile(join(path, 'relay.config.json'), JSON.stringify(CONFIG));
  await writeFile(join(path, 'src', 'page.ts'), PAGE);

  await run(process.execPath, [COMPILER], { cwd: path });

  const paginated = join(path, 'src', '__generated__', 'pageCallsPaginationQuery.graphql.ts');
  expect(await readFile(paginated, 'utf8')).toContain('node(id: $id)');
});

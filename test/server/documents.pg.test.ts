import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bearer } from '../support/ask.ts';
import { freshDirectory } from '../support/database.ts';
import { follow } from '../support/follow.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const WHO = 'query Who { viewer { username } }';
const OTHER = '{ __typename }';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const named = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

async function post(
  { url }: TestTandem,
  body: object,
  headers: Record<string, string> = bearer('alice'),
) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { message: string }[];
  };
  return { status: response.status, data, message: errors?.[0]?.message };
}

/** A Tandem that trusts one document by its hash, and one by a name. */
async function startTrusting() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await freshDirectory());
  await writeFile(join(path, 'who.graphql'), WHO);
  await writeFile(join(path, 'more.json'), JSON.stringify({ 'type-name': OTHER }));
  const settings = { TRUSTED_DOCUMENTS: path };
  const tandem = stack.use(await startTandem({ demo: true, settings }));
  const held = stack.move();
  return { ...tandem, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

test('a document that was sent once is known by its hash', async () => {
  await using tandem = await startTandem({ demo: true });
  const extensions = named(hashOf(WHO));

  const answers = [
    await post(tandem, { extensions }),
    await post(tandem, { query: WHO, extensions }),
    await post(tandem, { extensions }),
  ];

  const known = { status: 200, data: { viewer: { username: 'alice' } }, message: undefined };
  const unknown = { status: 200, data: undefined, message: 'PersistedQueryNotFound' };
  expect(answers).toEqual([unknown, known, known]);
});

test.for([{ version: 2, sha256Hash: hashOf(WHO) }, { version: 1, sha256Hash: 5 }, null])(
  'a document that is named by $how and not sent is refused in clear words',
  async (persistedQuery) => {
    await using tandem = await startTandem({ demo: true });

    const answer = await post(tandem, { extensions: { persistedQuery } });

    expect(answer).toMatchObject({
      status: 400,
      message: '`extensions.persistedQuery` takes `version` 1 and a text as `sha256Hash`.',
    });
  },
);

test('what was sent over HTTP is known on a WebSocket, too', async () => {
  await using tandem = await startTandem({ demo: true });
  const extensions = named(hashOf(WHO));
  await post(tandem, { query: WHO, extensions });
  await using stream = follow(tandem, '', { extensions });

  const data = await stream.next();

  expect(data).toEqual({ viewer: { username: 'alice' } });
});

test('a document with the hash of another is refused and not kept', async () => {
  await using tandem = await startTandem({ demo: true });
  const extensions = named(hashOf(WHO));

  const refused = await post(tandem, { query: OTHER, extensions });

  expect(refused).toMatchObject({ data: undefined, message: 'PersistedQueryMismatch' });
  expect(await post(tandem, { extensions })).toMatchObject({ message: 'PersistedQueryNotFound' });
});

test('where documents are trusted, they run by their hash or name', async () => {
  await using tandem = await startTrusting();
  await using stream = follow(tandem, '', { extensions: named('type-name') });

  const byHttp = await post(tandem, { extensions: named(hashOf(WHO)) });

  expect(byHttp.data).toEqual({ viewer: { username: 'alice' } });
  expect(await stream.next()).toEqual({ __typename: 'Query' });
});

test('where documents are trusted, no others run', async () => {
  await using tandem = await startTrusting();
  await using stream = follow(tandem, WHO);

  const sent = await post(tandem, { query: WHO });
  const both = await post(tandem, { query: WHO, extensions: named(hashOf(WHO)) });
  const unknown = await post(tandem, { extensions: named(hashOf('{ viewer { id } }')) });
  const [bySocket] = await stream.errors();

  const refusal = 'Only trusted documents run here: send the hash without the document.';
  expect([sent.message, both.message, bySocket?.message]).toEqual([refusal, refusal, refusal]);
  expect(unknown.message).toBe('PersistedQueryNotFound');
  expect([sent.data, both.data, unknown.data]).toEqual([undefined, undefined, undefined]);
});

test('who is not known learns nothing of what is trusted', async () => {
  await using tandem = await startTrusting();

  const answer = await post(tandem, { extensions: named(hashOf(WHO)) }, {});

  expect(answer.status).toBe(401);
});

test('documents that do not fit the schema keep Tandem from starting, and all are named', async () => {
  await using directory = await freshDirectory();
  const { path } = directory;
  await mkdir(join(path, 'below'));
  await writeFile(join(path, 'right.graphql'), WHO);
  await writeFile(join(path, 'wrong.graphql'), '{ nothing }');
  await writeFile(join(path, 'below', 'more.json'), JSON.stringify({ who: WHO, odd: '{ odd' }));
  await writeFile(join(path, 'list.json'), '[]');
  await writeFile(join(path, 'number.json'), JSON.stringify({ who: WHO, seven: 7 }));
  await symlink('nowhere', join(path, 'lost.graphql'));
  await writeFile(join(path, 'other.json'), JSON.stringify({ who: OTHER }));
  await symlink('..', join(path, 'below', 'round'));
  await symlink(join('below', 'more.json'), join(path, 'z.json'));

  const starting = startTandem({ demo: true, settings: { TRUSTED_DOCUMENTS: directory.path } });

  const failed = await starting.catch(({ message }: Error) => message);
  expect(String(failed).split('\n')).toEqual([
    expect.stringMatching(/TRUSTED_DOCUMENTS .*: below\/more\.json, odd: Syntax Error/),
    'list.json: it is not a JSON object of documents by name',
    expect.stringMatching(/^lost\.graphql: ENOENT/),
    'number.json: seven must be a document as text',
    'other.json, who: another file has another document by this name',
    expect.stringMatching(/^wrong\.graphql: .*nothing/),
    expect.stringMatching(/^z\.json, who: another/),
    expect.stringMatching(/^z\.json, odd: Syntax Error/),
  ]);
});

import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { filledJson, type Names, withNames } from './places.ts';
import { type Exchange, exchangesOf, parseExchange, sendRaw, textsOf } from './replay.ts';

const ROOT = `${import.meta.dirname}/http`;
const files = (await Array.fromAsync(glob(`${ROOT}/**/*.http`))).sort();
const groups = Map.groupBy(files, (file) => relative(ROOT, dirname(file)));

/** What was sent is data, and its layout is not part of it. */
const dataOf = (body: string): unknown => (isJson(body) ? JSON.parse(body) : body.trim());

const isJson = (body: string) => /^(?:\[|\{(?!\{))/.test(body);

async function replay(port: number, { request, response }: Exchange, names: Names) {
  const answer = await sendRaw(port, request);

  const [actual, expected] = [dataOf(answer.body), dataOf(response.body)];
  expect({ status: answer.status, body: actual }).toEqual({
    status: response.status,
    body: filledJson(expected, actual, names),
  });
  expect(answer.headers).toMatchObject(
    filledJson(response.headers, answer.headers, names) as object,
  );
  expect(answer.headers['X-Request-Id']).toMatch(/\S/);
}

/** Telephones take their time. */
const isAwaited = (text: string) => text.startsWith('# Asked again until it is so.\n');
const PATIENCE = { timeout: 20_000, interval: 50 };

async function tell(port: number, text: string, names: Names) {
  const exchange = parseExchange(withNames(text, names));
  if (!isAwaited(text)) await replay(port, exchange, names);
  else await vi.waitFor(() => replay(port, exchange, names), PATIENCE);
}

/** What is set where a story is about it. */
const SETTINGS: Readonly<Record<string, Record<string, string>>> = {
  'genesys/forgery': { GWS_CSRF: 'true' },
  'genesys/limits': { RATE_LIMIT: '2', MAX_BODY_BYTES: '1024' },
  'genesys/away': {
    JWT_ISSUER: 'https://issuer.example',
    JWT_JWKS_URL: 'http://127.0.0.1:1/keys',
  },
};

/** The calls of the documents are there once the switch has been listed, and a server says so. */
async function untilReady(url: string): Promise<void> {
  for (let ready = false; !ready; ) ready = (await fetch(`${url}/ready`)).ok;
}

// A folder is a story: its files run in order against one fresh demo.
describe.each([...groups])('%s', (folder, stories) => {
  const names: Names = new Map();
  let tandem: TestTandem | undefined;
  beforeAll(async () => {
    // Those of the files that come through a proxy are believed.
    const settings = { TRUSTED_PROXIES: '127.0.0.1', ...SETTINGS[folder] };
    tandem = await startTandem({ demo: true, settings });
    await untilReady(tandem.url);
  });
  afterAll(() => tandem?.[Symbol.asyncDispose]());

  test.each(stories.map((file) => [basename(file), file]))('%s', async (_name, file) => {
    for (const text of textsOf(await readFile(file, 'utf8'))) {
      await tell(tandem?.port ?? 0, text, names);
    }
  });
});

test('every file holds an exchange', async () => {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const count = texts.flatMap(exchangesOf).length;
  process.stdout.write(`${count} documented exchanges in ${files.length} files\n`);

  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !/^\d\d-[a-z0-9-]+\.http$/.test(basename(file)))).toEqual([]);
});

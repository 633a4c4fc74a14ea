import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import {
  type Exchange,
  exchangesOf,
  filled,
  filledJson,
  type RawResponse,
  sendRaw,
} from './replay.ts';

const ROOT = `${import.meta.dirname}/http`;
const files = (await Array.fromAsync(glob(`${ROOT}/**/*.http`))).sort();
const groups = Map.groupBy(files, (file) => relative(ROOT, dirname(file)));

/** What was sent is data, and its layout is not part of it. */
function comparable({ status, body }: RawResponse) {
  return { status, body: /^[[{]/.test(body) ? JSON.parse(body) : body.trim() };
}

async function replay(port: number, { request, response }: Exchange) {
  const answer = await sendRaw(port, request);

  const actual = comparable(answer);
  const expected = comparable({ ...response, body: filled(response.body, answer.body) });
  expect(actual).toEqual({ ...expected, body: filledJson(expected.body, actual.body) });
  expect(answer.headers).toMatchObject(response.headers);
  expect(answer.headers['X-Request-Id']).toMatch(/\S/);
}

/** The calls of the documents are there once the switch has been listed, and a server says so. */
async function untilReady(url: string): Promise<void> {
  for (let ready = false; !ready; ) ready = (await fetch(`${url}/ready`)).ok;
}

// A folder is a story: its files run in order against one fresh demo.
describe.each([...groups])('%s', (_, stories) => {
  let tandem: TestTandem | undefined;
  beforeAll(async () => {
    // Those of the files that come through a proxy are believed.
    tandem = await startTandem({ demo: true, settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    await untilReady(tandem.url);
  });
  afterAll(() => tandem?.[Symbol.asyncDispose]());

  test.each(stories.map((file) => [basename(file), file]))('%s', async (_name, file) => {
    for (const exchange of exchangesOf(await readFile(file, 'utf8'))) {
      await replay(tandem?.port ?? 0, exchange);
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

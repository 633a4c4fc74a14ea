import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';
import { expect, test } from 'vitest';

const BELOW_GRAPHQL = ['model', 'store', 'auth', 'feed', 'operations'];

/** Each folder of `src` and the folders it may import, ground to roof. */
const FLOORS: Record<string, readonly string[]> = {
  model: [],
  // For others' programs, with nothing of ours in it.
  client: [],
  store: ['model'],
  connectors: ['model'],
  observe: ['model'],
  auth: ['model', 'store'],
  feed: ['model', 'store'],
  // One owner a switch among the processes on a database.
  fleet: ['model', 'store', 'connectors'],
  import: ['model', 'store', 'auth'],
  operations: ['model', 'store', 'connectors', 'auth', 'feed', 'fleet'],
  webhooks: ['model', 'store', 'connectors', 'auth', 'feed'],
  graphql: BELOW_GRAPHQL,
  compat: ['model'],
  server: [
    ...BELOW_GRAPHQL,
    ...['connectors', 'observe', 'import', 'webhooks', 'graphql', 'compat'],
  ],
};

/** The roof imports anything; nobody imports it. */
const ROOF = ['cli', 'main.ts', 'config.ts', 'config-switches.ts'];
const LONGEST_FILE = 300;

const IMPORT = /^(?:import|export)\b[^;]*?'(\.[^']+)';/gm;
const DYNAMIC_IMPORT = /\b(?:import\(|new URL\()\s*'(\.[^']+)'/g;

const sources = () => Array.fromAsync(glob('src/**/*.ts'));
const floorOf = (file: string) => relative('src', file).split('/')[0] ?? '';
/** A dialect's folder, for files within one. */
const dialectOf = (file: string) => /^src\/compat\/([^/]+)\//.exec(file)?.[1];

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const found = [...text.matchAll(IMPORT), ...text.matchAll(DYNAMIC_IMPORT)];
  return found
    .map(([, target]) => join(dirname(file), target ?? ''))
    .filter((to) => to.startsWith('src/'));
}

async function brokenImports(allowed: (from: string, to: string) => boolean): Promise<string[]> {
  const broken = (await sources()).map(async (file) =>
    (await importsOf(file)).filter((to) => !allowed(file, to)).map((to) => `${file} imports ${to}`),
  );
  return (await Promise.all(broken)).flat();
}

test('every folder has a floor', async () => {
  const folders = new Set((await sources()).map(floorOf));

  const without = [...folders].filter((folder) => !FLOORS[folder] && !ROOF.includes(folder));

  expect(without).toEqual([]);
});

test('every import goes down', async () => {
  const broken = await brokenImports((from, to) => {
    const [floor, target] = [floorOf(from), floorOf(to)];
    return ROOF.includes(floor) || floor === target || (FLOORS[floor]?.includes(target) ?? false);
  });

  expect(broken).toEqual([]);
});

test('dialects never import each other', async () => {
  const broken = await brokenImports((from, to) => {
    const [dialect, target] = [dialectOf(from), dialectOf(to)];
    return !dialect || !target || dialect === target;
  });

  expect(broken).toEqual([]);
});

test('no source file is longer than 300 lines', async () => {
  const lengths = (await sources()).map(async (file) => ({
    file,
    lines: (await readFile(file, 'utf8')).split('\n').length - 1,
  }));

  const long = (await Promise.all(lengths)).filter(({ lines }) => lines > LONGEST_FILE);

  expect(long).toEqual([]);
});

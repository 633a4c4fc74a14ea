// What `npm run client` has compiled becomes a package of its own: whoever follows calls needs nothing of the gateway.
import { readFile, writeFile } from 'node:fs/promises';

const { name, version, license } = JSON.parse(
  await readFile(new URL('../package.json', import.meta.url), 'utf8'),
);
const manifest = {
  name: `${name}-client`,
  version,
  description: "Follows Tandem's changes of calls over any break, without dependencies",
  license,
  type: 'module',
  sideEffects: false,
  exports: { '.': { types: './client.d.ts', default: './client.js' } },
  engines: { node: '>=22' },
};
const target = new URL('../dist/client/package.json', import.meta.url);
await writeFile(target, `${JSON.stringify(manifest, null, 2)}\n`);

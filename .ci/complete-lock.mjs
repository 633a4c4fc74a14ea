// Run `node .ci/complete-lock.mjs` after a change of dependencies. A registry that lacks the binaries of other
// platforms leaves them out of package-lock.json, and `npm ci` then refuses the file. This puts them in.
import { readFile, writeFile } from 'node:fs/promises';

const FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** Where Node would find a package that a package at `path` asks for. */
function isThere(packages, path, name) {
  const inside = path === '' ? '' : `${path}/`;
  if (packages[`${inside}node_modules/${name}`]) return true;
  if (path === '') return false;
  const parent = path.slice(0, path.lastIndexOf('node_modules/')).replace(/\/$/, '');
  return isThere(packages, parent, name);
}

/** The entry that a full registry would have given, less the checksum. */
function entryOf(name, version, { dev }) {
  const words = name.split(/[@/-]/);
  const [cpu, os] = [PROCESSORS, SYSTEMS].map((known) =>
    known.filter((one) => words.includes(one)),
  );
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(os.includes('linux') && { libc: [/musl/.test(name) ? 'musl' : 'glibc'] }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

const lock = JSON.parse(await readFile(FILE, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([path, parent]) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => !isThere(lock.packages, path, name))
    .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version, parent)]),
);
const all = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
lock.packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
await writeFile(FILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${missing.length} entries were missing.\n`);

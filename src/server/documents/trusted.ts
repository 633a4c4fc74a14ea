import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { z } from 'zod';

/** Documents by what clients call them: the SHA-256 of their text, in hex, or the name that a manifest gives. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** What Relay's compiler, gql.tada and GraphQL Code Generator write. */
const MANIFEST = z.record(z.string(), z.string('must be a document as text'));

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Who has renamed a type need not start once for each document: but nobody reads a thousand lines. */
const MOST_TOLD = 20;

/**
 * Reads the `.graphql` files of a directory and of those below, and their `.json` files with documents by name.
 * @throws naming the files that cannot be used, and why.
 */
export async function readTrustedDocuments(
  directory: string,
  schema: GraphQLSchema,
): Promise<TrustedDocuments> {
  const documents = new Map<string, string>();
  const faults: string[] = [];
  function take(file: string, name: string, text: string) {
    const known = documents.get(name) ?? text;
    const found =
      known === text ? faultsOf(schema, text) : ['another file has another document by this name'];
    documents.set(name, text);
    const where = file.endsWith('.json') ? `${file}, ${name}` : file;
    if (found.length > 0) faults.push(`${where}: ${found.join('; ')}`);
  }

  for (const file of await filesBelow(directory)) {
    const found = await documentsIn(directory, file).catch(({ message }: Error) => message);
    if (typeof found === 'string') faults.push(`${file}: ${found}`);
    else for (const [name, text] of found) take(file, name, text);
  }
  if (faults.length > 0) throw new Error(told(faults));
  if (documents.size === 0) throw new Error(`${directory} has no .graphql or .json file`);
  return documents;
}

/** Linked files, too, as Kubernetes mounts them, but no linked directories, which may lead in circles; and nothing hidden. */
async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => !one.isDirectory() && /\.(graphql|json)$/.test(one.name))
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)))
    .filter((path) => !path.split(sep).some((part) => part.startsWith('.')))
    .toSorted();
}

async function documentsIn(directory: string, file: string): Promise<[string, string][]> {
  const text = await readFile(join(directory, file), 'utf8');
  return file.endsWith('.graphql') ? [[hashOf(text), text]] : Object.entries(manifestIn(text));
}

function manifestIn(text: string): Record<string, string> {
  const read = MANIFEST.safeParse(jsonIn(text));
  if (read.success) return read.data;
  const named = read.error.issues.filter(({ path }) => path.length > 0);
  const wrong = named.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new Error(wrong.join('; ') || 'it is not a JSON object of documents by name');
}

/** Undefined where it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function told(faults: readonly string[]): string {
  const more = faults.length - MOST_TOLD;
  return [...faults.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function faultsOf(schema: GraphQLSchema, text: string): readonly string[] {
  try {
    return validate(schema, parse(text)).map(({ message }) => message);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

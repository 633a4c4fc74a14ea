import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { z } from 'zod';

/** Documents by what clients call them: the SHA-256 of their text, in hex, or the name that a manifest gives. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** What Relay's compiler, gql.tada and GraphQL Code Generator write. */
const MANIFEST = z.record(z.string(), z.string());

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
  for (const file of (await readdir(directory, { recursive: true })).toSorted()) {
    for (const [name, text] of await documentsIn(directory, file)) {
      documents.set(name, text);
      const found = faultsOf(schema, text);
      const isNamed = file.endsWith('.json');
      if (found.length > 0)
        faults.push(`${file}${isNamed ? `, ${name}` : ''}: ${found.join('; ')}`);
    }
  }
  if (faults.length > 0) throw new Error(told(faults));
  if (documents.size === 0) throw new Error(`${directory} has no .graphql or .json file`);
  return documents;
}

async function documentsIn(directory: string, file: string): Promise<[string, string][]> {
  if (!/\.(graphql|json)$/.test(file)) return [];
  const text = await readFile(join(directory, file), 'utf8');
  if (file.endsWith('.graphql')) return [[hashOf(text), text]];
  try {
    return Object.entries(MANIFEST.parse(JSON.parse(text)));
  } catch (cause) {
    throw new Error(`${file} is not a JSON object of documents by name`, { cause });
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

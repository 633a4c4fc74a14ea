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

/**
 * Reads the `.graphql` files of a directory, and its `.json` files with documents by name.
 * @throws naming the first file that cannot be used, and why.
 */
export async function readTrustedDocuments(
  directory: string,
  schema: GraphQLSchema,
): Promise<TrustedDocuments> {
  const documents = new Map<string, string>();
  for (const file of (await readdir(directory)).toSorted()) {
    for (const [name, text] of await documentsIn(directory, file)) {
      check(schema, text, file);
      documents.set(name, text);
    }
  }
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

function check(schema: GraphQLSchema, text: string, file: string): void {
  const errors = faultsOf(schema, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors.join('; ')}`);
}

function faultsOf(schema: GraphQLSchema, text: string): readonly string[] {
  try {
    return validate(schema, parse(text)).map(({ message }) => message);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

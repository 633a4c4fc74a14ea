import { once } from 'node:events';
import { sql } from 'drizzle-orm';
import { readConfig } from '../config.ts';
import { GatewayError } from '../model/errors.ts';
import { exportAllCalls } from '../operations/export-calls.ts';
import { isExportFormat, written } from '../operations/export-format.ts';
import type { Executor } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { CommandError } from './fail.ts';
import { joinStore } from './services.ts';

interface Options {
  readonly organization?: string;
  readonly format: string;
  readonly after?: string;
}

/** Writes an organization's call detail records to standard output, as fast as they are taken. */
export async function exportCommand({ organization, format, after }: Options): Promise<void> {
  if (!isExportFormat(format))
    throw new CommandError(`--format takes ndjson or csv; not ${format}.`);
  await using database = await joinStore(readConfig(process.env));
  await migrate(database);
  const organizationId = await organizationOf(database, organization);
  const onError = (error: unknown) => {
    throw error;
  };
  const begun = exportAllCalls(database, organizationId, { after: after ?? null, onError });
  const batches = await begun.catch((error: unknown) => {
    throw error instanceof GatewayError ? new CommandError(error.message) : error;
  });
  const gone = new AbortController();
  // Whoever has read enough, such as `head`, closes the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone.abort();
  });
  for await (const text of written(batches, format, after ?? null)) {
    if (!process.stdout.write(text)) {
      await once(process.stdout, 'drain', { signal: gone.signal }).catch(() => {});
    }
    if (gone.signal.aborted) return;
  }
}

/** By its key in import files; the only one needs no name. */
async function organizationOf(on: Executor, key: string | undefined): Promise<string> {
  const found = await on.rows<{ id: string; key: string }>(sql`
    select id, key from organizations where ${key ?? null}::text is null or key = ${key ?? null}::text
    order by key limit 2`);
  const [only, another] = found;
  if (only && !another) return only.id;
  throw new CommandError(
    another ? 'Say whose calls by --organization.' : `There is no organization ${key ?? 'at all'}.`,
  );
}

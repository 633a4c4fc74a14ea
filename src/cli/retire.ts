import { readConfig } from '../config.ts';
import { endAbandonedCalls, isKnownSwitch } from '../operations/abandoned-calls.ts';
import { migrate } from '../store/migrate.ts';
import { trySessionLock } from '../store/session-lock.ts';
import { CommandError } from './fail.ts';
import { openStore } from './services.ts';

/** Ends what a switch that was taken out of the configuration has left open. */
export async function retire(connector: string): Promise<void> {
  const config = readConfig(process.env);
  const { DATABASE_URL: url } = config;
  // The embedded database refuses to be opened beside a server.
  await using database = await openStore(config);
  await migrate(database);
  const lock = url ? await trySessionLock(url, `switch ${connector}`) : null;
  if (url && !lock) {
    throw new CommandError(
      `A running Tandem has the switch ${connector}: take it out of CONNECTORS first.`,
    );
  }
  try {
    const calls = await endAbandonedCalls(database, connector);
    process.stdout.write(`Calls of ${connector} that were up and are ended now: ${calls}.\n`);
    if (await isKnownSwitch(database, connector)) return;
    process.stdout.write('Nothing was ever heard of a switch of this name.\n');
  } finally {
    await lock?.[Symbol.asyncDispose]();
  }
}

import { readConfig } from '../config.ts';
import { createLogger } from '../observe/log.ts';
import { awaitDatabase } from './await-database.ts';
import { createAdministrator } from './first-administrator.ts';
import { openTraces } from './open-traces.ts';
import { runUntilStopped } from './run.ts';
import { openStore, openTandem } from './services.ts';

/** Serves what the environment describes, until it is told to stop. */
export async function serve(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger(config.LOG_LEVEL);
  await runUntilStopped({ log, drainMs: config.DRAIN_MS }, async (stack, stopping) => {
    const tracing = stack.use(await openTraces(config, log));
    const database = stack.use(await openStore(config, tracing));
    await awaitDatabase(database, { log, signal: stopping });
    const tandem = stack.use(
      await openTandem({ config, database, switches: config.CONNECTORS, log, tracing }),
    );
    const token = await createAdministrator(database);
    if (token) {
      process.stdout.write(
        `The database was empty. Administrator: admin\nIts token, shown only now: ${token}\n`,
      );
    }
    log.info({ host: config.HOST, port: tandem.port }, 'Tandem is listening');
    process.stdout.write(`Tandem is listening on http://${config.HOST}:${tandem.port}/graphql\n`);
  });
}

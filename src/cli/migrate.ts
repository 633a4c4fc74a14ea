import { readConfig } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { joinStore } from './services.ts';

/** Brings the database up to this version, and stops. */
export async function migrateCommand(): Promise<void> {
  const config = readConfig(process.env);
  await using database = await joinStore(config);
  await migrate(database);
  process.stdout.write('The database is up to date.\n');
}

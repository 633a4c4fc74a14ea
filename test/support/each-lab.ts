import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { type Lab, openLab } from './lab.ts';

/** What a test begins with. */
export interface LabScene {
  readonly database: FreshDatabase;
  readonly lab: Lab;
  /** The numbers of the lab's extensions. */
  readonly numbers: Lab['organization']['numbers'];
}

/** One database for a file, and on it a lab of its own for each of its tests. Call it once, at the top. */
export function eachLab(begin: (scene: LabScene) => void | Promise<void>): void {
  let database: FreshDatabase;
  let lab: Lab;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    lab = await openLab(database);
    await begin({ database, lab, numbers: lab.organization.numbers });
  });
  afterEach(() => lab[Symbol.asyncDispose]());
}

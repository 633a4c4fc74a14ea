import { sql } from 'drizzle-orm';
import { recordPresses } from '../../src/operations/record-presses.ts';
import { type Database, firstRow } from '../../src/store/database.ts';
import { LAB, switchCall } from './switch-call.ts';

interface Named {
  readonly connector: string;
  readonly epoch: string;
  readonly nativeId: string;
  readonly leg: string;
}

/** Writes that the caller of a live call has pressed digits, as its switch would have told. */
export async function pressKeys(
  database: Database,
  callId: string,
  ...digits: readonly string[]
): Promise<void> {
  const named = await firstRow<Named>(
    database,
    sql`select connector, epoch, c.native_id as "nativeId", p.native_id as leg from calls c
      join participants p on p.call_id = c.id and p.role = 'CALLER' where c.id = ${callId}::uuid`,
  );
  if (!named) throw new Error('There is no such call.');
  const { connector, leg, ...ref } = named;
  const at = new Date().toISOString();
  const presses = digits.map((some) => ({
    nativeId: leg,
    digits: some,
    at,
    heardAt: performance.now(),
  }));
  const pressed = { call: { ...switchCall(['1', '2']), ...ref }, presses, isAgain: false };
  const recorded = await database.transaction((tx) =>
    recordPresses(tx, { ...LAB, connector }, pressed),
  );
  if (recorded !== 'CHANGED') throw new Error(`What was pressed is ${recorded}.`);
}

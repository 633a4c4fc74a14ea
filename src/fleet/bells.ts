import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';

const COMMANDS = 'tandem_switch_commands';
const ANSWERS = 'tandem_switch_answers';

/** Tells the other processes at once what they would find a little later by themselves. */
export interface Bells extends AsyncDisposable {
  /** A command waits for the owner of this switch. */
  ringCommand(connector: string): void;
  /** The command of this id is answered. */
  ringAnswer(id: string): void;
}

interface Options {
  readonly database: Database;
  readonly onCommand: (connector: string) => void;
  readonly onAnswer: (id: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Listens, on the connection that the process listens with anyhow. */
export async function openBells(options: Options): Promise<Bells> {
  const { database, onCommand, onAnswer, onError } = options;
  const commands = await database.client.listen(COMMANDS, onCommand);
  const answers = await database.client.listen(ANSWERS, onAnswer);
  const ring = (channel: string, word: string) => {
    database.rows(sql`select pg_notify(${channel}, ${word})`).catch(onError);
  };
  return {
    ringCommand: (connector) => ring(COMMANDS, connector),
    ringAnswer: (id) => ring(ANSWERS, id),
    async [Symbol.asyncDispose]() {
      await commands.unlisten();
      await answers.unlisten();
    },
  };
}

import { SwitchError } from '../connectors/connector.ts';
import { createSerialQueue } from '../connectors/serial-queue.ts';
import type { Supervised } from '../connectors/supervisor.ts';
import type { Json } from '../model/json.ts';
import type { Bells } from './bells.ts';
import type { Mailbox, Reply, Taken } from './mailbox.ts';
import { perform } from './request.ts';
import type { Term } from './tenure.ts';

interface Options {
  readonly mailbox: Mailbox;
  readonly ringAnswer: Bells['ringAnswer'];
  readonly connector: string;
  readonly term: Pick<Term, 'number' | 'isHeld'>;
  readonly supervised: Supervised;
  readonly onError: (error: unknown) => void;
}

/** The owner's side of commands that other processes send. */
export interface CommandService extends AsyncDisposable {
  /** Commands may be waiting. */
  ring(): void;
}

/** Carries out what the other processes want of a switch, each once, and nothing after its time. */
export function serveCommands(options: Options): CommandService {
  const { mailbox, ringAnswer, connector, term, supervised, onError } = options;
  const takes = createSerialQueue();
  const underWay = new Set<Promise<void>>();

  async function takeAll() {
    if (!term.isHeld()) return;
    const askedAt = performance.now();
    for (const command of await mailbox.take(connector, term.number)) {
      const may = () => term.isHeld() && performance.now() < askedAt + command.leftMs;
      const done = carryOut(command, may).catch(onError);
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
    }
  }

  async function carryOut({ id, method, args }: Taken, may: () => boolean) {
    const reply = await perform(supervised, may, method, args).then(
      (result): Reply => ({ result: (result ?? null) as Json }), // what a method of the interface gives
      refusal,
    );
    await mailbox.answer(id, reply);
    ringAnswer(id);
  }

  function refusal(error: unknown): Reply {
    if (error instanceof SwitchError) {
      return { error: { code: error.code, message: error.message } };
    }
    onError(error);
    return { error: { code: 'SWITCH_ERROR', message: 'The command failed' } };
  }

  return {
    ring() {
      // One that is waiting for its turn will find this command, too.
      if (takes.size < 2) takes.add(takeAll).catch(onError);
    },
    async [Symbol.asyncDispose]() {
      await takes.idle();
      await Promise.all(underWay);
    },
  };
}

/** Hands a message on; resolves when all that it began is over, and never rejects. */
type Handle = (message: string) => Promise<unknown>;

/** Characters of what the operations of a connection were sent in, together: it is kept until they are over. */
const MOST_HELD = 2 * 1024 * 1024;
/** What the shortest takes, with all that belongs to it. */
const LEAST_HELD = 2048;
/** Characters of an id: each result is written behind it. */
export const LONGEST_ID = 256;

interface Operation {
  /** What is to be handed on when an earlier operation of its id has ended; null when it has been. */
  waiting: readonly string[] | null;
  /** Whether its client is done with it, or will be when it has read what was sent. */
  isLeft: boolean;
  /** Whether it came when there were too many. */
  isRefused: boolean;
  /** What its messages count for. */
  held: number;
  over: Promise<unknown>;
}

/** An operation's message, or what is left of it. */
interface Taken {
  readonly message: string;
  readonly isRefused: boolean;
}

/** The operations of one graphql-ws connection: of those with the same id, one at a time. */
export interface OperationTurns {
  /** Hands a message on, at once or in its turn; false when its id is too long for that. */
  take(message: string): boolean;
  /** Says that the server ends the operation of an id: its client may use that again as soon as it has read so. */
  leave(id: string): void;
  /** Whether an operation is to be refused, as those before it hold too much; nothing is left of it but its id. */
  isRefused(id: string): boolean;
}

/**
 * graphql-ws knows an operation by its id alone. When a client ends one and uses its id again before the first has been
 * prepared, the first would take the other's place: nobody could end it any more, and its results came in the other's name.
 * So the other waits until the first is over. And so it does when the server has ended the first: graphql-ws keeps the id
 * until it hears that the end was sent, which a client may have read by then.
 */
export function createOperationTurns(handle: Handle): OperationTurns {
  const operations = new Map<string, Operation>();
  let held = 0;

  function hold(operation: Operation, messages: readonly string[]) {
    const now = sizeOf(messages);
    held += now - operation.held;
    operation.held = now;
  }

  /** Of what a client sends for an operation that waits, no more is kept than what will matter. */
  function wait(operation: Operation, waiting: readonly string[], { message, isRefused }: Taken) {
    if (operation.isLeft) {
      operation.waiting = [message];
      operation.isRefused = isRefused;
    }
    // The second one, of which graphql-ws will say that the id is taken, ends the connection.
    else operation.waiting = [...waiting.slice(0, 1), message];
    operation.isLeft = false;
    hold(operation, operation.waiting);
  }

  function begin(id: string, { message, isRefused }: Taken, after: Promise<unknown> | null) {
    const operation: Operation = {
      ...{ waiting: [message], isLeft: false, isRefused, held: 0, over: Promise.resolve() },
    };
    hold(operation, [message]);
    operations.set(id, operation);
    const run = async () => {
      const ready = operation.waiting ?? [];
      operation.waiting = null;
      await Promise.all(ready.map(handle));
    };
    operation.over = (after ? after.then(run) : run()).finally(() => {
      hold(operation, []);
      if (operations.get(id) === operation) operations.delete(id);
    });
  }

  function subscribe(id: string, message: string) {
    const isRefused = held > MOST_HELD;
    const taken = { message: isRefused ? remnantOf(id) : message, isRefused };
    const before = operations.get(id);
    if (!before) begin(id, taken, null);
    else if (before.waiting) wait(before, before.waiting, taken);
    else if (before.isLeft) begin(id, taken, before.over);
    else void handle(message);
  }

  function complete(id: string, message: string) {
    const operation = operations.get(id);
    if (operation) operation.isLeft = true;
    if (operation?.waiting) {
      operation.waiting = [];
      hold(operation, []);
    } else void handle(message);
  }

  return {
    take(message) {
      const { type, id } = kindOf(message);
      if (typeof id === 'string' && id.length > LONGEST_ID) return false;
      if (typeof id === 'string' && type === 'subscribe') subscribe(id, message);
      else if (typeof id === 'string' && type === 'complete') complete(id, message);
      else void handle(message);
      return true;
    },
    leave(id) {
      const operation = operations.get(id);
      // It may be the end of the one before.
      if (operation?.waiting === null) operation.isLeft = true;
    },
    isRefused: (id) => operations.get(id)?.isRefused ?? false,
  };
}

const sizeOf = (messages: readonly string[]) =>
  messages.map(({ length }) => Math.max(length, LEAST_HELD)).reduce((sum, size) => sum + size, 0);

/** What is handed on of an operation that is to be refused. */
const remnantOf = (id: string) => JSON.stringify({ id, type: 'subscribe', payload: { query: '' } });

/** What is no message at all graphql-ws refuses. */
function kindOf(message: string): { readonly type?: unknown; readonly id?: unknown } {
  try {
    return JSON.parse(message) ?? {};
  } catch {
    return {};
  }
}

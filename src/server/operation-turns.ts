/** Hands a message on; resolves when all that it began is over. */
type Handle = (message: string) => Promise<unknown>;

interface Operation {
  /** What is to be handed on when an earlier operation of its id has ended; null when it has been. */
  waiting: readonly string[] | null;
  /** Whether its client is done with it. */
  isLeft: boolean;
  over: Promise<unknown>;
}

/** The operations of one graphql-ws connection: of those with the same id, one at a time. */
export interface OperationTurns {
  /** Hands a message on, at once or in its turn. */
  take(message: string): void;
}

/**
 * graphql-ws knows an operation by its id alone. When a client ends one and uses its id again before the first has been
 * prepared, the first would take the other's place: nobody could end it any more, and its results came in the other's name.
 * So the other waits until the first is over.
 */
export function createOperationTurns(handle: Handle): OperationTurns {
  const operations = new Map<string, Operation>();

  /** Of what a client sends for an operation that waits, no more is kept than what will matter. */
  function wait(operation: Operation, waiting: readonly string[], message: string) {
    if (operation.isLeft) operation.waiting = [message];
    // The second one, of which graphql-ws will say that the id is taken, ends the connection.
    else operation.waiting = [...waiting.slice(0, 1), message];
    operation.isLeft = false;
  }

  function begin(id: string, message: string, after: Promise<unknown> | null) {
    const operation: Operation = { waiting: [message], isLeft: false, over: Promise.resolve() };
    operations.set(id, operation);
    const run = async () => {
      const ready = operation.waiting ?? [];
      operation.waiting = null;
      await Promise.all(ready.map(handle));
    };
    operation.over = (after ? after.then(run) : run()).finally(() => {
      if (operations.get(id) === operation) operations.delete(id);
    });
  }

  function subscribe(id: string, message: string) {
    const before = operations.get(id);
    if (!before) begin(id, message, null);
    else if (before.waiting) wait(before, before.waiting, message);
    else if (before.isLeft) begin(id, message, before.over);
    else void handle(message);
  }

  function complete(id: string, message: string) {
    const operation = operations.get(id);
    if (operation) operation.isLeft = true;
    if (operation?.waiting) operation.waiting = [];
    else void handle(message);
  }

  return {
    take(message) {
      const { type, id } = kindOf(message);
      if (typeof id === 'string' && type === 'subscribe') subscribe(id, message);
      else if (typeof id === 'string' && type === 'complete') complete(id, message);
      else void handle(message);
    },
  };
}

/** What is no message at all graphql-ws refuses. */
function kindOf(message: string): { readonly type?: unknown; readonly id?: unknown } {
  try {
    return JSON.parse(message) ?? {};
  } catch {
    return {};
  }
}

/** Hands a message on; resolves when all that it began is over. */
type Handle = (message: string) => Promise<unknown>;

interface Operation {
  /** Resolves when it may begin. */
  readonly turn: Promise<unknown>;
  /** Whether it waits for an earlier one of its id to end. */
  waits: boolean;
  /** Whether its client is done with it. */
  isLeft: boolean;
  over: Promise<unknown>;
}

/** The operations of one graphql-ws connection, in the order in which those of the same id may run. */
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

  /** Behind one that is left; or behind the beginning of one that is not, of which graphql-ws says that it exists. */
  function turnAfter(before: Operation | undefined) {
    if (before?.isLeft) return before.over;
    return before?.waits ? before.turn : null;
  }

  function begin(id: string, message: string) {
    const turn = turnAfter(operations.get(id));
    const operation: Operation = {
      ...{ turn: turn ?? Promise.resolve(), waits: turn !== null },
      ...{ isLeft: false, over: Promise.resolve() },
    };
    operations.set(id, operation);
    const run = async () => {
      operation.waits = false;
      if (!operation.isLeft) await handle(message);
    };
    operation.over = (turn ? turn.then(run) : run()).finally(() => {
      if (operations.get(id) === operation) operations.delete(id);
    });
  }

  function leave(id: string, message: string) {
    const operation = operations.get(id);
    if (operation) operation.isLeft = true;
    if (!operation?.waits) void handle(message);
  }

  return {
    take(message) {
      const { type, id } = kindOf(message);
      if (typeof id === 'string' && type === 'subscribe') begin(id, message);
      else if (typeof id === 'string' && type === 'complete') leave(id, message);
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

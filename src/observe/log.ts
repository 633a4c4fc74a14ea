import { type DestinationStream, pino } from 'pino';

/**
 * What the process says to its operator: facts, codes and ids, never secrets, nor personal data but the addresses from
 * which log-ins were refused.
 */
export type Log = ReturnType<typeof createLogger>;

/** Writes JSON lines to standard error, so that standard output is a command's own, or elsewhere. */
export const createLogger = (level: string, destination: DestinationStream = pino.destination(2)) =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: withoutValues },
    },
    destination,
  );

/** An error's kind and place. Postgres quotes values in its messages and details, so of those the code must do. */
function withoutValues(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const {
    code,
    constraint_name: constraint,
    table_name: table,
  } = error as { [key: string]: unknown } & Error; // read only
  const isPostgres = error.name === 'PostgresError';
  const stack = error.stack?.slice(error.stack.indexOf('\n    at '));
  const cause = error.cause === undefined ? {} : { cause: withoutValues(error.cause) };
  // Of one that holds several, such as a connection that no address took, these are all that there is to know.
  const errors = error instanceof AggregateError ? { errors: error.errors.map(withoutValues) } : {};
  return {
    type: error.name,
    code,
    constraint,
    table,
    ...(!isPostgres && { message: error.message }),
    stack,
    ...cause,
    ...errors,
  };
}

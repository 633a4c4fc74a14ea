const OF_DRIVER =
  /^(CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|E(CONN\w+|PIPE|TIMEDOUT|NOENT))$/;
/** Connection exceptions, insufficient resources, operator intervention; read-only while failing over; locked for long. */
const OF_POSTGRES = /^(08|53|57|25006|55P03)/;
/** Cancelled, most of all by `statement_timeout`; `lock_timeout`. */
const TOO_LONG = /^(57014|55P03)$/;

/** Whether an error says that the database is away, and may come back. */
export const isAway = (error: unknown): boolean => hasCode(error, OF_DRIVER, OF_POSTGRES);

/** Whether an error says that a statement took too long, or waited too long for a lock: who says so is there. */
export const isTooLong = (error: unknown): boolean => hasCode(error, TOO_LONG);

function hasCode(error: unknown, ...codes: readonly RegExp[]): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return codes.some((some) => some.test(code)) || hasCode(error.cause, ...codes);
}

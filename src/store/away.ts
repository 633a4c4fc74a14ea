const OF_DRIVER =
  /^(CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|E(CONN\w+|PIPE|TIMEDOUT|NOENT))$/;
/** Connection exceptions, insufficient resources, operator intervention; read-only while failing over; locked for long. */
const OF_POSTGRES = /^(08|53|57|25006|55P03)/;

/** Whether an error says that the database is away, and may come back. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return OF_DRIVER.test(code) || OF_POSTGRES.test(code) || isAway(error.cause);
}

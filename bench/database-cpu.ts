import { readFile } from 'node:fs/promises';
import postgres from 'postgres';

/** Tells how much CPU the backends of everybody else have used so far. */
export interface DatabaseCpu extends AsyncDisposable {
  milliseconds(): Promise<number>;
}

/** Looks at a PostgreSQL on this machine, in /proc. */
export function openDatabaseCpu(url: string): DatabaseCpu {
  const sql = postgres(url, { max: 1 });
  return {
    milliseconds: async () => {
      const backends = await sql<{ pid: number }[]>`
        select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
      const used = await Promise.all(backends.map(({ pid }) => cpuOf(pid)));
      return used.reduce((sum, one) => sum + one, 0);
    },
    [Symbol.asyncDispose]: () => sql.end(),
  };
}

/** The first number of `schedstat` is time on a CPU, in nanoseconds. */
async function cpuOf(pid: number): Promise<number> {
  const told = await readFile(`/proc/${pid}/schedstat`, 'utf8');
  return Number.parseInt(told, 10) / 1e6;
}

import postgres from 'postgres';

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10, onnotice: () => {} });

/** A row as a resolver takes it. */
export type Row = Readonly<Record<string, unknown>>;

const moment = (column: string, name: string) => sql`
  to_char(${sql(column)}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${sql(name)}`;

const call = sql`c.id, c.state, c.direction, c.ani, c.dnis, c.user_data as "userData",
  ${moment('c.offered_at', 'offeredAt')}, ${moment('c.ended_at', 'endedAt')}`;

/** The statements of resolvers and loaders: one for each type, prepared by the driver. */
export const rows = {
  extension: async (number: string) =>
    (await sql<Row[]>`select id, number, label from extensions where number = ${number}`)[0] ??
    null,
  call: async (id: string) =>
    (await sql<Row[]>`select ${call} from calls c where c.id = ${id}`)[0] ?? null,
  deleteUserData: async (id: string) =>
    (
      await sql<Row[]>`
      with c as (update calls set user_data = null, version = version + 1 where id = ${id} returning *)
      select ${call} from c`
    )[0] ?? null,
  calls: (extensionId: string, first: number) => sql<Row[]>`
    select ${call} from (
      select call_id from participants where extension_id = ${extensionId}
      order by offered_at desc, call_id desc limit ${first}
    ) k join calls c on c.id = k.call_id order by c.offered_at desc, c.id desc`,
  events: (extensionId: string, first: number) => sql<Row[]>`
    select id, type, method, url, status, note, ${moment('modified_at', 'modifiedAt')}
    from phone_call_events where extension_id = ${extensionId} order by row_id limit ${first}`,
  /** Of many calls at once, each its own. */
  participants: async (callIds: readonly string[]): Promise<Row[][]> => {
    const found = await sql<Row[]>`
      select call_id as "callId", sequence, role, number, state, extension_id as "extensionId"
      from participants where call_id = any(${[...callIds]}) order by call_id, sequence`;
    const byCall = Map.groupBy(found, ({ callId }) => callId);
    return callIds.map((id) => byCall.get(id) ?? []);
  },
  /** Of many ids at once. */
  extensions: async (ids: readonly string[]): Promise<(Row | null)[]> => {
    const found = await sql<
      Row[]
    >`select id, number, label from extensions where id = any(${[...ids]})`;
    const byId = new Map(found.map((row) => [row['id'], row]));
    return ids.map((id) => byId.get(id) ?? null);
  },
};

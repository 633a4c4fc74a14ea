import { type SQL, sql } from 'drizzle-orm';
import type { ReadyField, ReadyShape } from '../../model/ready-shape.ts';
import type { Range } from './keyset.ts';
import { ALIAS, object, snakeCase } from './object.ts';
import type { ListShape } from './ranges.ts';
import { sorted } from './sorted.ts';

type Fields = readonly ReadyField[];

/** What of a row orders it, for its cursor. */
const ENDS = {
  calls: object('c', ['id', 'offeredAt'], {}),
  extensions: object('e', ['id', 'number'], {}),
  events: object('r', ['rowId'], {}),
  deliveries: object('d', ['id', 'createdAt'], {}),
};

/**
 * A page whose rows are one text, as the answer has them. To read the JSON of a page of calls, to check each value and
 * to write it again takes a server longer than all else that it does for them.
 */
export function readyPageJson(list: ListShape, ready: ReadyShape, range: Range): SQL {
  const { limit, backward } = list.page;
  const alias = ALIAS[list.of];
  const most = Math.trunc(limit);
  // The one row more is the first of a page from the end.
  const within = backward
    ? sql.raw(`[case when count(*) > ${most} then 2 else 1 end:]`)
    : sql.raw(`[1:${most}]`);
  const end = ready.ends ? ENDS[list.of] : sql`null::json`;
  const nodes = sql`select ${readyJson(alias, ready.fields)} as node, ${end} as "end"
    from (${range.rows}) ${sql.raw(alias)} ${sorted(list, range.order)}`;
  const rows = ready.ends ? sql`coalesce(array_agg(t."end"), '{}')` : sql`'{}'::json[]`;
  const total = list.total ? sql`, (select count(*)::int from (${range.all}) t) as total` : sql``;
  return sql`(select row_to_json(o) from (
    select array_to_json((array_agg(t.node))${within})::text as ready, ${rows} as rows ${total} from (${nodes}) t) o)`;
}

/** The row of an alias, as an answer has it. */
function readyJson(alias: string, fields: Fields): SQL {
  const values = fields.map(
    (field) => sql`${columnOf(alias, field)} as ${sql.identifier(field.key)}`,
  );
  return sql`(select row_to_json(o) from (select ${sql.join(values, sql`, `)}) o)`;
}

function columnOf(alias: string, field: ReadyField): SQL {
  if (field.is === 'TYPE') return sql.raw(`'${field.typeName}'::text`);
  if (field.is === 'PART') return partOf(field.name, field.below);
  const column = `${alias}.${snakeCase(field.name)}`;
  return sql.raw(field.is === 'VALUE' ? column : moment(column));
}

/** As the schema's DateTime is written. */
const moment = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

function partOf(name: string, below: Fields): SQL {
  if (name === 'owner')
    return sql`(select ${readyJson('u', below)} from users u where u.id = e.owner_id)`;
  if (name === 'extension')
    return sql`case when e.id is not null then ${readyJson('e', below)} end`;
  if (name === 'participants') return participants(below);
  throw new Error(`No part of a row is called ${name}.`);
}

function participants(fields: Fields): SQL {
  const hasParts = fields.some(({ is }) => is === 'PART');
  const join = hasParts ? sql`left join extensions e on e.id = p.extension_id` : sql``;
  return sql`array(select ${readyJson('p', fields)} from participants p ${join} where p.call_id = c.id order by p.sequence)`;
}

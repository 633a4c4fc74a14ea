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
  const nodes = sql`select ${readyText(alias, ready.fields)} as node, ${end} as place
    from (${range.rows}) ${sql.raw(alias)} ${sorted(list, range.order)}`;
  const page = object('', [], {
    ready: sql`'[' || array_to_string((array_agg(t.node))${within}, ',') || ']'`,
    rows: ready.ends ? sql`coalesce(array_agg(t.place), '{}')` : sql`'{}'::json[]`,
    ...(list.total && { total: sql`(select count(*)::int from (${range.all}) t)` }),
  });
  return sql`(select ${page} from (${nodes}) t)`;
}

/** Arguments that Postgres takes, with room for the last. */
const MOST_ARGUMENTS = 96;

/** The row of an alias, as an answer has it: letter by letter, as `JSON.stringify` would. */
function readyText(alias: string, fields: Fields): SQL {
  const parts = fields.flatMap((field, at) => [
    // Names of GraphQL have no letter that means anything to SQL or JSON.
    sql.raw(`'${at > 0 ? ',' : ''}"${field.key}":'`),
    textOf(alias, field),
  ]);
  return concat([sql`'{'`, ...parts, sql`'}'`]);
}

/** Not by `||`, which would copy what is there with each part. */
function concat(parts: readonly SQL[]): SQL {
  if (parts.length <= MOST_ARGUMENTS) return sql`concat(${sql.join([...parts], sql`, `)})`;
  const chunks = Math.ceil(parts.length / MOST_ARGUMENTS);
  return concat(
    Array.from({ length: chunks }, (_, at) =>
      concat(parts.slice(at * MOST_ARGUMENTS, (at + 1) * MOST_ARGUMENTS)),
    ),
  );
}

function textOf(alias: string, field: ReadyField): SQL {
  if (field.is === 'TYPE') return sql.raw(`'"${field.typeName}"'`);
  if (field.is === 'PART') return partOf(field.name, field.below);
  const column = `${alias}.${snakeCase(field.name)}`;
  if (field.is === 'VALUE') return sql.raw(`coalesce(to_json(${column}), 'null')`);
  return quoted(field.is === 'WORD' ? column : moment(column));
}

/** Of what has nothing to be escaped. */
const quoted = (text: string) => sql.raw(`coalesce('"' || ${text} || '"', 'null')`);

/** As the schema's DateTime is written. */
const moment = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

function partOf(name: string, below: Fields): SQL {
  if (name === 'extension') return orNull(sql`e.id`, readyText('e', below));
  if (name === 'owner') {
    return sql`coalesce((select ${readyText('u', below)} from users u where u.id = e.owner_id), 'null')`;
  }
  if (name === 'participants') return participants(below);
  throw new Error(`No part of a row is called ${name}.`);
}

const orNull = (id: SQL, text: SQL) => sql`case when ${id} is null then 'null' else ${text} end`;

function participants(fields: Fields): SQL {
  const hasParts = fields.some(({ is }) => is === 'PART');
  const join = hasParts ? sql`left join extensions e on e.id = p.extension_id` : sql``;
  return sql`'[' || array_to_string(array(
    select ${readyText('p', fields)} from participants p ${join} where p.call_id = c.id order by p.sequence), ',') || ']'`;
}

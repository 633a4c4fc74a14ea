import { expect, test } from 'vitest';
import { summaryOf } from '../../src/observe/trace-statements.ts';

test.each([
  ['select json_build_object($1) from calls c where c.id = $2', 'SELECT calls'],
  ['\n    with a as (select 1) select x from (select y from users) z', 'SELECT users'],
  ['insert into audit_entries (id) select id from calls', 'INSERT audit_entries'],
  ['with done as (update calls c set version = 1 returning *) select * from done', 'UPDATE calls'],
  ['delete from call_changes where call_id = $1', 'DELETE call_changes'],
  ['insert into keys as k (id) values ($1) on conflict (id) do update set id = 1', 'INSERT keys'],
  ['select pg_advisory_xact_lock($1)', 'SELECT'],
  ['transaction', 'TRANSACTION'],
])('a statement is known by what it does to which table: %s', (text, summary) => {
  expect(summaryOf(text)).toBe(summary);
});

import { expect, test } from 'vitest';
import { readableLog } from '../support/log.ts';

test('an error is told with its causes and its parts, and without what Postgres quotes', () => {
  const { log, lines } = readableLog();
  const ofPostgres = Object.assign(new Error('"secret" is malformed'), {
    ...{ name: 'PostgresError', code: '22P02', table_name: 'calls', detail: 'secret' },
  });
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const err = new Error('outside', { cause: new AggregateError([refused, ofPostgres, 'secret']) });

  log.error({ err }, 'a fault');

  expect(lines).toMatchObject([
    {
      msg: 'a fault',
      err: {
        message: 'outside',
        cause: {
          type: 'AggregateError',
          errors: [
            { message: 'connect', code: 'ECONNREFUSED' },
            { type: 'PostgresError', code: '22P02', table: 'calls' },
            { type: 'string' },
          ],
        },
      },
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

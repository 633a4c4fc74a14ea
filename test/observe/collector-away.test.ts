import { expect, test } from 'vitest';
import { createLogger } from '../../src/observe/log.ts';
import { openTracing } from '../../src/observe/tracing.ts';

const STEP = { name: 'POST /graphql', kind: 'SERVER', attributes: {} } as const;

test('a collector that is away is said in the log, and holds no stop up', async () => {
  const lines: string[] = [];
  const log = createLogger('warn', { write: (line) => lines.push(line) });
  // Nobody listens at the port of "discard".
  const url = 'http://127.0.0.1:9/v1/traces';
  const settings = { url, service: 'tandem', sampler: 'always_on', ratio: 1 } as const;
  const tracing = await openTracing(settings, log);
  tracing.begin(STEP, {}, (span) => span?.end());
  const start = performance.now();

  await tracing[Symbol.asyncDispose]();

  expect(performance.now() - start).toBeLessThan(4000);
  expect(lines.join('\n')).toContain('the last traces could not be sent');
});

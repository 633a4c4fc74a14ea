import { expect, test } from 'vitest';
import { createLogger } from '../../src/observe/log.ts';
import { openTracing } from '../../src/observe/tracing.ts';
import { openCollector } from '../support/collector.ts';

const STEP = { name: 'POST /graphql', kind: 'SERVER', attributes: {} } as const;
const CALLER = 'b7ad6b7169203331';
/** Every ratio takes this trace, but 0. */
const FIRST = '00000000000000000000000000000001';

test.each([
  ['traceidratio', 1e-6, 0],
  ['parentbased_traceidratio', 1e-6, 1],
  ['always_on', 1, 1],
] as const)(
  'of a caller with a trace of his choice, %s %s samples %d',
  async (sampler, ratio, count) => {
    await using collector = await openCollector();
    const settings = { url: `${collector.url}/v1/traces`, service: 'tandem', sampler, ratio };
    const tracing = await openTracing(settings, createLogger('silent'));

    tracing.begin(STEP, { traceparent: `00-${FIRST}-${CALLER}-01` }, (span) => span?.end());

    await tracing[Symbol.asyncDispose]();
    const parents = collector.spans().map(({ parentId }) => parentId);
    expect(parents).toEqual(Array(count).fill(CALLER));
  },
);

import { expect, test } from 'vitest';
import { dialects } from '../../src/compat/dialects.ts';
import { type ExecuteAs, serve } from '../../src/compat/serve.ts';
import { GatewayError } from '../../src/model/errors.ts';

test.each(dialects)('$name says who it is, and where the request comes from', async (dialect) => {
  const heard: unknown[] = [];
  const executeAs: ExecuteAs = async (_, from) => {
    heard.push(from);
    throw new GatewayError('RATE_LIMITED');
  };
  const request = new Request(`http://localhost${dialect.bases[0]}`);
  const origin = { peer: '192.0.2.7', requestId: 'r-1', signal: request.signal };
  const refusalIn = (error: unknown) => error as GatewayError; // the one above

  const response = await serve(dialect, executeAs, refusalIn)(request, origin);

  expect(heard).toEqual([{ ...origin, dialect: dialect.name }]);
  // The refusal itself does not say how long.
  expect(response?.headers.get('retry-after')).toBe('60');
});

test('no path is two dialects’', () => {
  const bases = dialects.flatMap((dialect) => dialect.bases.map((base) => `${base}/`));

  const shared = bases.filter((base) =>
    bases.some((other) => other !== base && base.startsWith(other)),
  );

  expect(shared).toEqual([]);
});

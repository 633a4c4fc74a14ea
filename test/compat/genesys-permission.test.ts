import { expect, test } from 'vitest';
import { permitOperation } from '../../src/compat/genesys/permission.ts';
import { GatewayError } from '../../src/model/errors.ts';

/** Nothing can be read, for this reason. */
const refusing = (code: 'FORBIDDEN' | 'UNAVAILABLE') => async () => {
  throw new GatewayError(code);
};

test('a token that may command and not read is left to the command', async () => {
  const execute = refusing('FORBIDDEN');

  const permitted = permitOperation('Hold', 'id', execute);

  await expect(permitted).resolves.toBeUndefined();
});

test('what keeps the call from being seen for now is not passed over', async () => {
  const execute = refusing('UNAVAILABLE');

  const permitted = permitOperation('Hold', 'id', execute);

  await expect(permitted).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

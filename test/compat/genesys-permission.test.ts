import { expect, test } from 'vitest';
import type { Execute } from '../../src/compat/dialect.ts';
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

/** A call that the user has on hold, with which this can be done. */
const seeing = (...capabilities: string[]) => {
  const extension = { id: 'device', number: '15001', kind: 'TERMINAL', owner: { id: 'user' } };
  const leg = { state: 'HELD', role: 'CALLER', number: '15001', muted: false, extension };
  const call = {
    ...{ id: 'call', state: 'HELD', callType: 'OUTBOUND', recordingState: 'STOPPED' },
    ...{ ani: null, dnis: null, duration: 1, userData: {}, participants: [leg], capabilities },
    ...{ parentId: null, consultationIds: [], identifiers: [], parentIdentifiers: [] },
  };
  return (async () => ({ viewer: { id: 'user' }, call })) as unknown as Execute; // of the one document
};

test('calls that have nothing to do with each other are not swapped', async () => {
  const permitted = permitOperation('SwapCalls', 'id', seeing('RETRIEVE'));

  await expect(permitted).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('the two calls of a consultation are swapped', async () => {
  const permitted = permitOperation('SwapCalls', 'id', seeing('RETRIEVE', 'SWAP'));

  await expect(permitted).resolves.toBeUndefined();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { type CountingTandem, countingTandem } from '../support/statements.ts';

let tandem: CountingTandem;
beforeAll(async () => {
  tandem = await countingTandem();
});
afterAll(() => tandem[Symbol.asyncDispose]());

test('the presence of many extensions is one more statement', async () => {
  const query = '{ extensions(first: 100) { nodes { number presence } } }';

  const { result, statements } = await tandem.counting((headers) =>
    ask(tandem, query, { headers }),
  );

  expect(result.errors).toEqual([]);
  expect(statements).toHaveLength(3);
  expect(JSON.stringify(result.data)).toContain('{"number":"8856","presence":"ONLINE"}');
});

test('the other party of one’s call has no presence to tell', async () => {
  const query = `{ calls(filter: { identifier: { scheme: GENESYS, value: "01RCC3N118B1V0SL807GK2LAES00000R" } }) {
    nodes { participants { extension { number presence } } } } }`;

  const { result } = await tandem.counting((headers) => ask(tandem, query, { headers }));

  const [call] = (result.data as { calls: { nodes: { participants: object[] }[] } }).calls.nodes;
  expect(call?.participants).toEqual([
    { extension: { number: '15000', presence: 'BUSY' } },
    { extension: { number: '15001', presence: 'UNKNOWN' } },
  ]);
});

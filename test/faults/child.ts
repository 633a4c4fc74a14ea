import { createInterface } from 'node:readline';
import { fail } from '../../src/cli/fail.ts';
import { serve } from '../../src/cli/serve.ts';
import { servePlanted } from './planted/serve.ts';

/**
 * A Tandem that is loaded and waits to be told its settings: one line of JSON. Loading takes most of a start,
 * and whatever dies in a run must have a successor soon. Ends with whoever started it.
 */
const lines = createInterface({ input: process.stdin });
lines.once('close', () => process.exit(1));
lines.once('line', (line) => {
  Object.assign(process.env, JSON.parse(line));
  const planted = process.env['PLANTED'];
  void (planted ? servePlanted(planted) : serve()).catch(fail);
});

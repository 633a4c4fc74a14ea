import { Command, InvalidArgumentError } from 'commander';
import { openGround } from '../../faults/ground.ts';
import { openNursery } from '../../faults/nursery.ts';
import { playFirings } from './play.ts';

const whole = (text: string) => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('takes a whole number.');
};

const { calls, seed } = new Command('firings')
  .description('fire at a receiver that fails at random, while the gateway and Postgres are killed')
  .option('--calls <count>', 'how many calls, of which each fires three times', whole, 3334)
  .option('--seed <seed>', 'what chance says', whole, 1)
  .parse()
  .opts<{ calls: number; seed: number }>();

await using nursery = openNursery();
await using ground = await openGround();
const write = (text: string) => process.stdout.write(`${text}\n`);
const from = performance.now();
const onStage = (stage: string) =>
  write(`${((performance.now() - from) / 1000).toFixed(1)} s: ${stage}`);
const outcome = await playFirings({ ground, nursery, calls, seed, onStage });
const { violations, ...numbers } = outcome;
write(JSON.stringify({ seed, ...numbers, violations: violations.length }));
for (const violation of violations.slice(0, 20)) write(`  ${violation}`);
process.exitCode = violations.length > 0 ? 1 : 0;

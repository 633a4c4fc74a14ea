import { Command, InvalidArgumentError, Option } from 'commander';
import { startNats } from '../support/nats.ts';
import { openGround } from './ground.ts';
import { openNursery } from './nursery.ts';
import { type Outcome, run } from './run.ts';

const whole = (text: string) => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('takes a whole number.');
};

const write = (text: string) => process.stdout.write(`${text}\n`);

const { runs, seed, planted, feed } = new Command('faults')
  .description('play what seeds say against real Tandems and compare with SQL')
  .option('--runs <count>', 'how many, each with the next seed', whole, 20)
  .option('--seed <seed>', 'the first', whole, 1)
  .option('--planted <fault>', 'a fault that the Tandems are to have', '')
  .addOption(
    new Option('--feed <engine>', 'how the Tandems share the feed')
      .choices(['postgres', 'nats'])
      .default('postgres'),
  )
  .parse()
  .opts<{ runs: number; seed: number; planted: string; feed: 'postgres' | 'nats' }>();

await using nursery = openNursery();
await using ground = await openGround();
await using nats = feed === 'nats' ? await startNats() : null;
const outcomes: Outcome[] = [];
for (let done = 0; done < runs; done += 1) {
  const outcome = await run({ ground, nursery, nats }, { seed: seed + done, planted });
  outcomes.push(outcome);
  tell(outcome);
}
const bad = outcomes.filter(({ violations }) => violations.length > 0);
const messages = outcomes.reduce((total, outcome) => total + outcome.messages, 0);
write(`${runs} runs, ${messages} messages, ${bad.length} runs with violations`);
if (bad.length > 0) write(`seeds: ${bad.map((outcome) => outcome.seed).join(' ')}`);
process.exitCode = bad.length > 0 ? 1 : 0;

function tell({
  seed: its,
  entries,
  messages: heard,
  connections,
  blows,
  violations,
  ms,
}: Outcome) {
  const numbers = `${entries} entries, ${heard} messages, ${connections} connections, ${ms} ms`;
  write(`seed ${its}: ${numbers}; ${blows.join(' ')}; ${violations.length} violations`);
  for (const { fault, about } of violations.slice(0, 10)) write(`  ${fault} ${about}`);
}

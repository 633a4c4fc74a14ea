import { setTimeout } from 'node:timers/promises';
import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { Database } from '../store/database.ts';
import { type Backlog, readBacklog } from '../webhooks/backlog.ts';
import type { WebhookCounts } from '../webhooks/webhooks.ts';

/** Behind a database that hangs, a number is left out. */
const LONGEST_MS = 2000;

const GAUGES: Readonly<Record<keyof Backlog, string>> = {
  waiting: 'Firings of phone call events that are not delivered and will be tried, in the database',
  suspended: 'Firings that have failed for a day, or wait for a rule that is suspended or disabled',
  suspendedRules: 'Phone call events of which nothing is sent, because a day of tries has failed',
};
const NAMES: Readonly<Record<keyof Backlog, string>> = {
  waiting: 'tandem_webhooks_waiting',
  suspended: 'tandem_webhooks_suspended',
  suspendedRules: 'tandem_webhook_rules_suspended',
};

/** What phone call events have to do: the backlog of the database, and the tries of this process. */
export function addWebhookMetrics(
  registry: Registry,
  { database, counts }: { readonly database: Database; readonly counts: WebhookCounts },
): void {
  const registers = [registry];
  let reading: Promise<Backlog | null> | undefined;
  /** One reading for the gauges of one scrape. */
  const read = () => {
    const late = setTimeout(LONGEST_MS, null, { ref: false });
    reading ??= Promise.race([readBacklog(database).catch(() => null), late]).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  for (const [key, help] of Object.entries(GAUGES) as [keyof Backlog, string][]) {
    new Gauge({
      ...{ name: NAMES[key], help, registers },
      async collect() {
        const backlog = await read();
        this.reset();
        if (backlog) this.set(backlog[key]);
        else this.remove();
      },
    });
  }
  new Counter({
    ...{ name: 'tandem_webhook_attempts_total', help: 'Requests to receivers', registers },
    labelNames: ['result'] as const,
    collect() {
      this.reset();
      for (const [result, count] of counts) this.inc({ result }, count);
    },
  });
}

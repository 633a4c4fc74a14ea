import { setTimeout, setTimeout as wait } from 'node:timers/promises';
import { Counter, collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client';
import { isWithin } from '../model/network.ts';
import type { Services } from '../operations/context.ts';
import { countLiveCalls } from '../operations/list-connectors.ts';
import type { SwitchCounts } from '../operations/switch-counts.ts';
import type { WebhookCounts } from '../webhooks/webhooks.ts';
import { addWebhookMetrics } from './webhook-metrics.ts';

/** Whoever scrapes has no longer patience than this; behind a database that hangs a number is left out. */
const LONGEST_MS = 2000;

interface Options {
  readonly services: Pick<Services, 'database' | 'feed' | 'switches'>;
  /** By the ids of the switches. */
  readonly counts: ReadonlyMap<string, SwitchCounts>;
  /** What became of requests to receivers. */
  readonly webhooks: WebhookCounts;
  /** How many connections there are at this moment that may follow calls. */
  readonly subscribers: () => number;
  /** How many of Genesys' desktops have a session by which they are notified. */
  readonly notified: () => number;
  /** Networks that may read the metrics. */
  readonly networks: readonly string[];
}

/** The event loop is looked at each ten milliseconds. */
const FIRST_LOOK_MS = 50;

/** Answers `/metrics` to those who may read it; undefined for every other path and everybody else. */
export function createMetrics(options: Options) {
  let opening: Promise<Registry> | undefined;
  return async (path: string, peer: string): Promise<Response | undefined> => {
    if (path !== '/metrics' || !isWithin(options.networks, peer)) return undefined;
    // Nothing is measured for nobody.
    opening ??= openWatching(options);
    const registry = await opening;
    const headers = { 'content-type': registry.contentType };
    return new Response(await registry.metrics(), { headers });
  };
}

/** The event loop is watched from here on: before it has been seen, what is said of it are no numbers. */
async function openWatching(options: Options): Promise<Registry> {
  const registry = openRegistry(options);
  addCpuSoFar(registry);
  await wait(FIRST_LOOK_MS);
  return registry;
}

/** The library counts from when it is asked for the first time, and names when the process was started. */
function addCpuSoFar(registry: Registry): void {
  const { user, system } = process.cpuUsage();
  const used = { cpu_user: user, cpu_system: system, cpu: user + system };
  for (const [name, microseconds] of Object.entries(used)) {
    const counter = registry.getSingleMetric(`process_${name}_seconds_total`);
    if (counter instanceof Counter) counter.inc(microseconds / 1e6);
  }
}

function openRegistry({ services, counts, webhooks, subscribers, notified }: Options): Registry {
  const { feed, switches } = services;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addWebhookMetrics(registry, { database: services.database, counts: webhooks });
  new Gauge({
    ...{ name: 'tandem_subscribers', help: 'Open connections for subscriptions', registers },
    collect() {
      this.set(subscribers());
    },
  });
  new Gauge({
    ...{ name: 'tandem_cometd_sessions', help: 'CometD sessions of desktops', registers },
    collect() {
      this.set(notified());
    },
  });
  new Gauge({
    ...{ name: 'tandem_feed_trouble', help: '1 when the feed may not be current', registers },
    collect() {
      this.set(feed.trouble() === null ? 0 : 1);
    },
  });
  const labelled = { registers, labelNames: ['connector', 'kind'] as const };
  for (const { name, help, read } of gaugesOf(services)) {
    new Gauge({
      ...{ ...labelled, name, help },
      async collect() {
        const values = await read();
        this.reset();
        for (const [connector, { kind }] of switches) {
          const value = values(connector);
          if (value !== null) this.set({ connector, kind }, value);
        }
      },
    });
  }
  for (const [count, help] of Object.entries(COUNTS) as [keyof SwitchCounts, string][]) {
    new Counter({
      ...{ ...labelled, name: `tandem_connector_${count}_total`, help },
      collect() {
        this.reset();
        for (const [connector, { kind }] of switches) {
          this.inc({ connector, kind }, counts.get(connector)?.[count] ?? 0);
        }
      },
    });
  }
  return registry;
}

const COUNTS: Readonly<Record<keyof SwitchCounts, string>> = {
  resyncs: 'Lists of live calls that were taken over from the switch',
  dropped: 'Changes that came after the end or the deletion of their call, or were overtaken',
  overpressed: 'Presses of digits that are not told: more in one call than anybody can press',
  lost: 'Ends of calls and presses of digits that came while nothing could be written, beyond what is kept',
  unrouted: 'Calls that are not recorded: their numbers are no organization’s, or may be several’s',
};

interface ConnectorGauge {
  readonly name: string;
  readonly help: string;
  /** Gives the value of each switch; null leaves it out. */
  read(): Promise<(connector: string) => number | null>;
}

function gaugesOf({ database, switches }: Options['services']): readonly ConnectorGauge[] {
  const carrierOf = (id: string) => switches.get(id);
  return [
    {
      name: 'tandem_connector_up',
      help: '1 when the link to the switch is UP, whichever process has it',
      read: async () => (id) => (carrierOf(id)?.link === 'UP' ? 1 : 0),
    },
    {
      name: 'tandem_connector_owner',
      help: '1 when this process has the link',
      read: async () => (id) => (carrierOf(id)?.owner === 'HERE' ? 1 : 0),
    },
    {
      name: 'tandem_connector_since_seconds',
      help: 'When the link became what it is, in seconds since 1970',
      read: async () => (id) => (carrierOf(id)?.since.getTime() ?? 0) / 1000,
    },
    {
      name: 'tandem_connector_live_calls',
      help: 'Calls of the switch that are up in the database, which all processes share',
      async read() {
        const late = setTimeout(LONGEST_MS, null, { ref: false });
        const live = await Promise.race([countLiveCalls(database).catch(() => null), late]);
        return (id) => live && (live.get(id) ?? 0);
      },
    },
  ];
}

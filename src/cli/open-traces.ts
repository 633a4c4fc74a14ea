import type { Config } from '../config.ts';
import type { Carrier } from '../fleet/carrier.ts';
import type { Log } from '../observe/log.ts';
import { openTracing, type Tracing } from '../observe/tracing.ts';
import type { Switches } from '../operations/switches.ts';

/** Turns tracing on where the environment names a collector; null where it does not. */
export async function openTraces(config: Config, log: Log): Promise<Tracing | null> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: disabled } = config;
  if (!endpoint || disabled?.toLowerCase() === 'true') return null;
  const settings = {
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    service: config.OTEL_SERVICE_NAME,
    sampler: config.OTEL_TRACES_SAMPLER,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
  };
  return openTracing(settings, log);
}

/** The same switches, with a span of each command. */
export const traceSwitches = (switches: Switches, tracing: Tracing): Switches =>
  new Map([...switches].map(([id, carrier]) => [id, traced(carrier, tracing)]));

function traced(carrier: Carrier, { step }: Tracing): Carrier {
  const commands = Object.entries(carrier.commands).map(([name, command]) => {
    const attributes = { 'tandem.connector': carrier.id, 'tandem.connector.kind': carrier.kind };
    const described = { name: `switch ${name}`, kind: 'CLIENT', attributes } as const;
    const send = command as (...args: unknown[]) => Promise<unknown>; // called with what callers of this type give
    return [
      name,
      (...args: unknown[]) =>
        step(
          () => described,
          () => send(...args),
        ),
    ] as const;
  });
  // What else it says changes from moment to moment.
  return Object.create(carrier, { commands: { value: Object.fromEntries(commands) } });
}

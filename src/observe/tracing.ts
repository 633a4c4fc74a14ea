import type { Log } from './log.ts';

/** What a span says: names and codes that we have given, never what anybody has said. */
export interface Step {
  readonly name: string;
  readonly kind: 'SERVER' | 'CLIENT' | 'INTERNAL';
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** A span under way; where there is null instead, nothing is to be told. */
export interface Span {
  set(attributes: Step['attributes']): void;
  /** Marks it as failed. @param type a code or a class, never a message */
  fail(type: string): void;
  end(): void;
}

/** Where headers of a trace that somebody else has begun would be. */
export type TraceHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Tells an OpenTelemetry collector what is done, and how long it takes. */
export interface Tracing extends AsyncDisposable {
  /**
   * Runs work in a trace of its own, or in the one that `traceparent` names, unless the sampler is `traceidratio`:
   * there callers do not decide. Whoever gets the span ends it.
   * @param isOver from when on nothing that the work has left behind belongs to it any more
   */
  begin<T>(
    step: Step,
    headers: TraceHeaders,
    work: (span: Span | null) => T,
    isOver?: () => boolean,
  ): T;
  /**
   * Runs work as a part of what is under way; it has failed when it rejects. Where nothing is under way or it is not
   * sampled, the work runs alone, and nobody asks what it is. It begins a trace of its own only where it is told to.
   */
  step<T>(
    step: () => Step,
    work: (span: Span | null) => Promise<T>,
    options?: { readonly begins: boolean },
  ): Promise<T>;
}

/** How to trace, as the environment has it; the samplers are those of OpenTelemetry's specification. */
export interface TracingSettings {
  /** Where traces go, by OTLP over HTTP with protobuf. */
  readonly url: string;
  readonly service: string;
  readonly sampler: Sampler;
  /** Of the samplers by ratio; 0 to 1. */
  readonly ratio: number;
}

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type Sampler = (typeof SAMPLERS)[number];

/** Turns tracing on. Nothing of OpenTelemetry is loaded before. */
export async function openTracing(settings: TracingSettings, log: Log): Promise<Tracing> {
  const { startTracing } = await import('./open-telemetry.ts');
  return startTracing(settings, log);
}

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Span as ApiSpan,
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import type { Sampler, Span, Step, Tracing, TracingSettings } from './tracing.ts';

/** A collector that does not answer holds no stop up. */
const LONGEST_FLUSH_MS = 2000;

/** Clients name their operations as they like. */
const LONGEST_VALUE = 128;

/** What is under way: null when it is not sampled. */
type Current = { readonly span: ApiSpan; readonly isOver: () => boolean } | null;

/** Starts to trace; disposing sends what has not been sent yet. */
export function startTracing(settings: TracingSettings, log: Log): Tracing {
  tellOperator(log);
  const exporter = new OTLPTraceExporter({ url: settings.url });
  const processor = new BatchSpanProcessor({ exporter });
  const provider = new TracerProvider({
    sampler: samplerOf(settings),
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': settings.service })),
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
  });
  return {
    ...tracingBy(provider.getTracer('tandem'), settings),
    [Symbol.asyncDispose]: async () => {
      const late = Promise.withResolvers<never>();
      const giveUp = () => late.reject(new Error(`It takes longer than ${LONGEST_FLUSH_MS} ms.`));
      const timer = setTimeout(giveUp, LONGEST_FLUSH_MS);
      await Promise.race([provider.shutdown(), late.promise]).catch((error: unknown) => {
        log.warn({ err: error }, 'the last traces could not be sent');
      });
      clearTimeout(timer);
    },
  };
}

function tracingBy(tracer: Tracer, { sampler }: TracingSettings): Pick<Tracing, 'begin' | 'step'> {
  const current = new AsyncLocalStorage<Current>();
  const propagator = new W3CTraceContextPropagator();
  const start = ({ name, kind, attributes }: Step, within: Context) =>
    tracer.startSpan(name, { kind: SpanKind[kind], attributes }, within);

  const begin: Tracing['begin'] = (step, { traceparent }, work, isOver = () => false) => {
    // Without `tracestate`, in which a caller may say anything: nobody comes after us.
    const parent = propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
    // The ratio is drawn from the trace's id: a caller who chose it would decide.
    const span = start(step, sampler === 'traceidratio' ? ROOT_CONTEXT : parent);
    if (!span.isRecording()) return current.run(null, () => work(null));
    return current.run({ span, isOver }, () => work(handleOf(span)));
  };
  const step: Tracing['step'] = (describe, work, { begins } = { begins: false }) => {
    const under = current.getStore();
    if (under === undefined && begins) {
      return begin({ ...describe(), kind: 'SERVER' }, {}, (span) => ending(span, work));
    }
    // What outlives a request, such as a timer that it has set, is no part of it.
    if (!under?.span.isRecording() || under.isOver()) return work(null);
    const span = start(describe(), trace.setSpan(ROOT_CONTEXT, under.span));
    return current.run({ ...under, span }, () => ending(handleOf(span), work));
  };
  return { begin, step };
}

async function ending<T>(span: Span | null, work: (span: Span | null) => Promise<T>): Promise<T> {
  if (!span) return work(null);
  try {
    return await work(span);
  } catch (error) {
    span.fail(typeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Its code where it has one, else its class: messages quote what people have said. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

const handleOf = (span: ApiSpan): Span => ({
  set: (attributes) => {
    span.setAttributes(attributes);
  },
  fail: (type) => {
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', type);
  },
  end: () => span.end(),
});

function samplerOf({ sampler, ratio }: TracingSettings) {
  if (sampler.startsWith('parentbased_'))
    return new ParentBasedSampler({ root: ownOf(sampler, ratio) });
  return ownOf(sampler, ratio);
}

function ownOf(sampler: Sampler, ratio: number) {
  if (sampler.endsWith('traceidratio')) return new TraceIdRatioBasedSampler(ratio);
  return sampler.endsWith('always_on') ? new AlwaysOnSampler() : new AlwaysOffSampler();
}

/** Spans that were dropped, and a collector that cannot be reached. */
function tellOperator(log: Log): void {
  const say = (message: string) => log.warn({}, `tracing: ${message}`);
  const silent = () => {};
  diag.setLogger(
    { error: say, warn: say, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  setGlobalErrorHandler((error) => log.warn({ err: error }, 'traces could not be sent'));
}

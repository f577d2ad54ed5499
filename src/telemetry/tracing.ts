/**
 * Telemetry through the interfaces of OpenTelemetry: spans and histograms go to whatever SDK the program has registered before, and
 * where there is none, no span is made at all. Measurements also go to the server's own listeners; scopes to the log.
 */
import {
  context,
  createContextKey,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { DomainError } from '../errors.ts';
import type { LogScopes } from './log-scopes.ts';
import { openMeter } from './otel-measures.ts';
import {
  type Attributes,
  errorClassOf,
  type Measures,
  type OpenSpan,
  type SpanOptions,
  type Telemetry,
} from './telemetry.ts';

/** In the context in which a trace begins: the id it is to have. `otlp-export.ts` heeds it. */
export const wantedTraceId = createContextKey('colloquy.trace_id');

/** Spans that are a scope of the log, and what they are called there. */
const scopeNames: ReadonlyMap<string, string> = new Map([
  ['guideline_matcher', 'Matcher'],
  ['relational_resolver.resolve', 'Resolver'],
  ['planner', 'Planner'],
  ['tool_caller', 'ToolCaller'],
  ['message_generation', 'Composer'],
  ['response_analysis', 'Analyst'],
  ['startup.indexing', 'Indexer'],
]);

export type TelemetryOptions = {
  readonly scopes: LogScopes;
  /** Who else wants to know of measurements. */
  readonly measures?: readonly Measures[];
};

export function createTelemetry({ scopes, measures = [] }: TelemetryOptions): Telemetry {
  const spans = openSpans();
  const all = [...measures, ...openMeter()];

  function begin(name: string, options: SpanOptions = {}): OpenSpan {
    const span = spans?.begin(name, options);
    const inScope = scoped(scopes, name, options);
    return {
      within: (work) => inScope(() => (span ? span.within(work) : work())),
      end: (ending) => span?.end(ending),
    };
  }

  return {
    begin,

    span(name, attributes, work) {
      const span = begin(name, { attributes });
      return endingWith(span, () => span.within(work));
    },

    scope: (name, work) => scopes.scope(name, work),

    event(name, attributes = () => ({})) {
      spans?.event(name, attributes);
    },

    duration(name, ms, attributes) {
      for (const each of all) each.duration(name, ms, attributes);
    },

    count(name, amount, attributes) {
      for (const each of all) each.count(name, amount, attributes);
    },
  };
}

function scoped(scopes: LogScopes, name: string, { traceId }: SpanOptions) {
  if (traceId !== undefined) return <Result>(work: () => Result) => scopes.trace(traceId, work);
  const scope = scopeNames.get(name);
  if (scope !== undefined) return <Result>(work: () => Result) => scopes.scope(scope, work);
  return <Result>(work: () => Result) => work();
}

/** Ends the span when the work does, whether it is awaited or not. */
function endingWith<Result>(span: OpenSpan, work: () => Result): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    span.end({ failure: error });
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  result.then(
    () => span.end(),
    (failure: unknown) => span.end({ failure }),
  );
  return result;
}

/** Undefined: nobody takes spans. */
function openSpans() {
  if (isNobody(trace.getTracerProvider())) return undefined;
  const tracer = trace.getTracer('colloquy');
  return {
    begin(name: string, { attributes = {}, traceId }: SpanOptions): OpenSpan {
      const parent = traceId === undefined ? context.active() : ROOT_CONTEXT.setValue(wantedTraceId, traceId);
      // In the context itself, where who makes ids can read it.
      const span = context.with(parent, () => tracer.startSpan(name, { attributes }, parent));
      const inside = trace.setSpan(parent, span);
      return {
        within: (work) => context.with(inside, work),
        end({ failure, attributes } = {}) {
          if (attributes) span.setAttributes(attributes());
          if (failure !== undefined) tellFailure(span, failure);
          span.end();
        },
      };
    },

    event(name: string, attributes: () => Attributes): void {
      const span = trace.getActiveSpan();
      if (span?.isRecording()) span.addEvent(name, attributes());
    },
  };
}

/** Asking for a span would not do: who takes some of them may not want the first. */
function isNobody(provider: TracerProvider): boolean {
  return (
    provider instanceof ProxyTracerProvider &&
    provider.getDelegate() === new ProxyTracerProvider().getDelegate()
  );
}

/** What else was thrown may tell of anything: only the domain's own sentences are shown. */
function tellFailure(span: Span, failure: unknown): void {
  span.setAttribute('error.type', errorClassOf(failure));
  const message = failure instanceof DomainError ? failure.message : errorClassOf(failure);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

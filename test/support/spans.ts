/** Spans in memory: an SDK as a program would register one, for the whole test file. Import it before anything is made that traces. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);

export type SeenSpan = {
  readonly name: string;
  /** Name of the span it is a part of; undefined: of none that has ended. */
  readonly parent: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  /** What it failed with. */
  readonly failure: string | undefined;
};

/** Those that have ended since the last time, in the order of their ends. */
export function takeSpans(): readonly SeenSpan[] {
  const ended = exporter.getFinishedSpans().slice();
  exporter.reset();
  const names = new Map(ended.map((span) => [span.spanContext().spanId, span.name]));
  return ended.map(({ name, parentSpanContext, attributes, events, status }) => ({
    name,
    parent: names.get(parentSpanContext?.spanId ?? ''),
    attributes,
    events: events.map((event) => ({ name: event.name, attributes: event.attributes ?? {} })),
    failure: status.message,
  }));
}

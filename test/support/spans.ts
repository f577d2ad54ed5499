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
  /** With all that it is a part of, as far as that has ended: `outer › inner`. */
  readonly path: string;
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
  const byId = new Map(ended.map((span) => [span.spanContext().spanId, span]));
  const pathOf = ({ name, parentSpanContext }: (typeof ended)[number]): string => {
    const parent = byId.get(parentSpanContext?.spanId ?? '');
    return parent ? `${pathOf(parent)} › ${name}` : name;
  };
  return ended.map((span) => ({
    name: span.name,
    path: pathOf(span),
    attributes: span.attributes,
    events: span.events.map(({ name, attributes = {} }) => ({ name, attributes })),
    failure: span.status.message,
  }));
}

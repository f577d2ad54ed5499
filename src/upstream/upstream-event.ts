/**
 * What upstream sends, checked before anything is believed: the envelope, and of each payload the fields we act on. Everything else
 * comes through untouched, because the sets of kinds, statuses and stages are open.
 */
import { z } from 'zod';
import type { Json, JsonObject } from '../event-log/event.ts';
import type { UpstreamEvent } from './upstream.ts';

const envelope = z.object({
  id: z.string().min(1),
  source: z.string(),
  kind: z.string(),
  offset: z.int().min(0),
  creation_utc: z.string(),
  trace_id: z.string().optional(),
  /** All that servers before 3.1 have. */
  correlation_id: z.string().optional(),
  data: z.unknown(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  deleted: z.boolean().optional(),
});

const payloads: Readonly<Record<string, z.ZodType>> = {
  message: z.object({ message: z.string(), chunks: z.array(z.string().nullable()).nullish() }),
  status: z.object({ status: z.string() }),
  tool: z.object({ tool_calls: z.array(z.record(z.string(), z.unknown())) }),
};

const wireEvent = envelope
  .refine((event) => event.trace_id !== undefined || event.correlation_id !== undefined, {
    path: ['trace_id'],
    message: 'missing',
  })
  .superRefine((event, context) => {
    const payload = Object.hasOwn(payloads, event.kind) ? payloads[event.kind] : undefined;
    for (const { path, message } of payload?.safeParse(event.data).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['data', ...path], message });
  })
  .transform(toUpstreamEvent);

const wireEvents = z.array(wireEvent);
const wireSession = z.object({ id: z.string().min(1) });

/** Either what was sent, or in one line what is wrong with it (places and types, never content). */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly what: string };

export const parseEvents = (text: string): Parsed<UpstreamEvent[]> => parseJson(text, wireEvents);
export const parseEvent = (text: string): Parsed<UpstreamEvent> => parseJson(text, wireEvent);
export const parseSession = (text: string): Parsed<{ id: string }> => parseJson(text, wireSession);

function parseJson<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, what: `not JSON (${text.length} characters).` };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  return { ok: false, what: `wrong shape at "${issue?.path.join('.')}": ${issue?.message}` };
}

function toUpstreamEvent(event: z.infer<typeof envelope>): UpstreamEvent {
  const trace = event.trace_id ?? event.correlation_id ?? '';
  return {
    id: event.id,
    source: event.source,
    kind: event.kind,
    offset: event.offset,
    creation_utc: event.creation_utc,
    trace_id: trace.split('::', 1)[0] ?? trace,
    data: (event.data ?? null) as Json, // came out of JSON.parse
    metadata: (event.metadata ?? {}) as JsonObject, // likewise
    deleted: event.deleted ?? false,
  };
}

/**
 * What is new in a list: in offset order, each offset once. The wire sorts by time; repeats and what was seen before are dropped.
 */
export function toNews(events: readonly UpstreamEvent[], minOffset: number): UpstreamEvent[] {
  return events
    .filter(({ offset }) => offset >= minOffset)
    .sort((a, b) => a.offset - b.offset)
    .filter(({ offset }, index, sorted) => sorted[index - 1]?.offset !== offset);
}

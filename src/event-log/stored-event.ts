/**
 * An event together with the JSON of its two free parts, which is what the file holds. The envelope's JSON is put together from
 * these strings, so that no payload is stringified twice.
 */
import {
  eventKinds,
  eventSources,
  type EventDraft,
  type EventKind,
  type EventSource,
  type JsonObject,
  type SessionEvent,
} from './event.ts';
import type { Frame } from './frame.ts';
import { newEventId } from './ids.ts';

export type StoredEvent = {
  readonly event: SessionEvent;
  /** JSON of `event.data`. */
  readonly data: string;
  /** JSON of `event.metadata`. */
  readonly metadata: string;
  /** The id was given: it does not say the event's offset. */
  readonly idGiven: boolean;
};

const kinds: ReadonlySet<string> = new Set(eventKinds);
const sources: ReadonlySet<string> = new Set(eventSources);

/** Gives a draft its place. `TypeError` for what the file could not hold: one bad draft must not fail the commits of others. */
export function storeDraft(
  draft: EventDraft,
  place: { readonly offset: number; readonly utc: string },
): StoredEvent {
  const { id = newEventId(place.offset), source, kind, trace_id, data, metadata = {} } = draft;
  if (!kinds.has(kind)) throw new TypeError(`An event's kind cannot be ${kind}.`);
  if (!sources.has(source)) throw new TypeError(`An event's source cannot be ${source}.`);
  if (typeof trace_id !== 'string') throw new TypeError('An event needs a trace_id.');
  if (typeof id !== 'string' || id === '') throw new TypeError("An event's id is a non-empty string.");
  const json = JSON.stringify(data);
  if (json === undefined) throw new TypeError("An event's data must be JSON.");
  return {
    event: {
      id,
      source,
      kind,
      offset: place.offset,
      creation_utc: place.utc,
      trace_id,
      correlation_id: trace_id,
      data,
      metadata,
      deleted: false,
    },
    data: json,
    metadata: metadataJson(metadata),
    idGiven: draft.id !== undefined,
  };
}

/** `TypeError` unless it is an object of JSON values. */
export function metadataJson(metadata: JsonObject): string {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new TypeError('Metadata must be a JSON object.');
  }
  return JSON.stringify(metadata);
}

/** The whole envelope. */
export function envelopeJson({ event, data, metadata }: StoredEvent): string {
  const { id, source, kind, offset, creation_utc, deleted } = event;
  const trace = JSON.stringify(event.trace_id);
  return (
    `{"id":${JSON.stringify(id)},"source":"${source}","kind":"${kind}","offset":${offset},` +
    `"creation_utc":"${creation_utc}","trace_id":${trace},"correlation_id":${trace},` +
    `"data":${data},"metadata":${metadata},"deleted":${deleted}}`
  );
}

export function frameOf(
  type: 'event' | 'updated',
  stored: StoredEvent,
): Extract<Frame, { type: 'event' | 'updated' }> {
  return { type, event: stored.event, json: envelopeJson(stored) };
}

/** A row of the `events` table, in the order of `eventColumns`. */
export type EventRow = [
  id: string,
  source: EventSource,
  kind: EventKind,
  offset: number,
  utc: string,
  traceId: string,
  data: string,
  metadata: string,
  deleted: number,
  idGiven: number,
];

export const eventColumns =
  'id, source, kind, offset, creation_utc, trace_id, data, metadata, deleted, id_given';

export function storedFromRow(row: EventRow): StoredEvent {
  const [id, source, kind, offset, creation_utc, trace_id, data, metadata, deleted, idGiven] = row;
  return {
    event: {
      id,
      source,
      kind,
      offset,
      creation_utc,
      trace_id,
      correlation_id: trace_id,
      data: JSON.parse(data),
      metadata: JSON.parse(metadata),
      deleted: deleted === 1,
    },
    data,
    metadata,
    idGiven: idGiven === 1,
  };
}

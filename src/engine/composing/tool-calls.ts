/** What tool events hold, in Parlant's shape. Only the engine writes them. */
import type { Json, JsonObject, SessionEvent } from '../../event-log/event.ts';

/** As far as the engine reads it. */
export type StoredToolCall = {
  /** `service:tool`. */
  readonly tool_id: string;
  readonly arguments: JsonObject;
  readonly result: {
    readonly data: Json;
    /** Values for templates; older servers leave it out. */
    readonly canned_response_fields?: JsonObject;
  };
};

/** None where it is no tool event. */
export function toolCallsOf({ kind, data }: Pick<SessionEvent, 'kind' | 'data'>): readonly StoredToolCall[] {
  if (kind !== 'tool') return [];
  const { tool_calls: calls } = data as { readonly tool_calls: readonly StoredToolCall[] }; // nobody else writes tool events
  return calls;
}

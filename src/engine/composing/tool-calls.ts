/** What tool events hold, in Parlant's shape. Only the engine writes them. */
import type { Json, JsonObject, SessionEvent } from '../../event-log/event.ts';
import type { ToolGuideline, ToolResult } from '../../tools/tool.ts';

/** As far as the engine reads it. */
export type StoredToolCall = {
  /** `service:tool`. */
  readonly tool_id: string;
  readonly arguments: JsonObject;
  readonly result: {
    readonly data: Json;
    /** What follows may be left out by older servers. */
    readonly metadata?: JsonObject;
    readonly control?: ToolResult['control'];
    readonly canned_responses?: readonly string[];
    /** Values for templates. */
    readonly canned_response_fields?: JsonObject;
    readonly guidelines?: readonly ToolGuideline[];
  };
};

/** None where it is no tool event. */
export function toolCallsOf({ kind, data }: Pick<SessionEvent, 'kind' | 'data'>): readonly StoredToolCall[] {
  if (kind !== 'tool') return [];
  const { tool_calls: calls } = data as { readonly tool_calls: readonly StoredToolCall[] }; // nobody else writes tool events
  return calls;
}

/**
 * Events as models see them: who said what, and what tools found out. Models see no status events, no metadata, and no text that
 * moderation has flagged.
 */
import type { EventSource, JsonObject, MessageData, SessionEvent } from '../../event-log/event.ts';
import type { ShownEvent } from '../../nlp/questions/situation.ts';
import { toolCallsOf } from './tool-calls.ts';

type Stored = Pick<SessionEvent, 'kind' | 'source' | 'data'>;

/** Undefined: models do not see it. Texts are as they came. */
export function eventForModel(event: Stored): ShownEvent | undefined {
  const { kind, source, data } = event;
  const event_source = sources[source];
  switch (kind) {
    case 'status':
      return undefined;
    case 'message':
      return { event_kind: kind, event_source, data: toShownMessage(data as MessageData) }; // of a message
    case 'tool':
      // The log says `ai_agent`, as Parlant's does, but what tools find out is nothing the agent said.
      return { event_kind: kind, event_source: 'system-provided', data: toShownCalls(event) };
    default:
      return { event_kind: kind, event_source, data };
  }
}

const sources: Readonly<Record<EventSource, ShownEvent['event_source']>> = {
  customer: 'user',
  customer_ui: 'frontend_application',
  human_agent: 'human_service_agent',
  human_agent_on_behalf_of_ai_agent: 'ai_agent',
  ai_agent: 'ai_agent',
  system: 'system-provided',
};

function toShownMessage({ participant, message, flagged, tags }: MessageData): JsonObject {
  const said = { participant: participant.display_name };
  return flagged ? { ...said, censored: true, reasons: tags ?? [] } : { ...said, message };
}

function toShownCalls(event: Stored): JsonObject {
  return {
    tool_calls: toolCallsOf(event).map(({ tool_id, arguments: args, result }) => ({
      tool_id,
      arguments: args,
      result: result.data,
    })),
  };
}

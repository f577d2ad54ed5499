/** What a composer tells, as events. */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { TurnContext } from '../turn-context.ts';

export const typing: TurnEvent = { kind: 'status', data: { status: 'typing', data: {} } };

/** Behind a message. The turn goes on: only the `ready` that says so ends it. */
export const ready: TurnEvent = { kind: 'status', data: { status: 'ready', data: {} } };

export const articulating: TurnEvent = {
  kind: 'status',
  data: { status: 'processing', data: { stage: 'Articulating' } },
};

/** `details`: what the data holds besides. */
export function toMessage(
  { agent }: Pick<TurnContext, 'agent'>,
  text: string,
  { details = {}, metadata = {} }: { readonly details?: JsonObject; readonly metadata?: JsonObject } = {},
): TurnEvent {
  const participant = { id: agent.id, display_name: agent.name };
  return { kind: 'message', data: { message: text, participant, ...details }, metadata };
}

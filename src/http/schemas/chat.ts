/** `POST /api/chat` on the wire. */
import { z } from 'zod';
import { sessionId, text } from './common.ts';
import { eventSchema } from './event.ts';
import { foreignId } from './session.ts';

/** `maxMessageChars`: the setting. */
export function createChatRequestSchema({ maxMessageChars }: { readonly maxMessageChars: number }) {
  return z
    .object({
      message: text({ min: 1, max: maxMessageChars }).refine(
        (value) => value.trim() !== '',
        'must not be blank',
      ),
      intent: foreignId
        .nullish()
        .meta({ description: "An agent's id. Default: the session's agent, or the setting DEFAULT_AGENT." }),
      session_id: sessionId
        .nullish()
        .meta({ description: "Default: the caller's latest session with that agent, or a new one." }),
    })
    .meta({
      id: 'ChatRequest',
      examples: [{ message: 'Tell me about CKD stage 3', intent: 'research_paper' }],
    });
}

export const turnStatuses = ['ready', 'interrupted', 'error', 'timeout', 'manual'] as const;

export const chatAnswerSchema = z
  .object({
    session_id: z.string(),
    trace_id: z.string(),
    status: z
      .enum(turnStatuses)
      .meta({ description: '`manual`: the message is stored and nobody answers by itself.' }),
    messages: z.array(eventSchema).meta({ description: "The agent's message events of this turn." }),
  })
  .meta({ id: 'ChatAnswer' });

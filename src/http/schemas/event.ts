/** Events on the wire, and what a client sends to make one (Parlant's EventCreate). */
import { z } from 'zod';
import { eventKinds, eventSources, eventStatuses } from '../../event-log/event.ts';
import { json, jsonObject, shownAs, text, timestamp, wholeNumber, yesNo } from './common.ts';

export const eventSchema = z
  .object({
    id: z.string(),
    source: z.enum(eventSources),
    kind: z.enum(eventKinds),
    offset: z.int().min(0),
    creation_utc: timestamp,
    trace_id: z.string().meta({ description: 'One per turn.' }),
    correlation_id: z.string().meta({ description: 'Always `trace_id`.', deprecated: true }),
    data: json,
    metadata: jsonObject,
    deleted: z.boolean(),
  })
  .meta({ id: 'Event' });

const participant = z.object({
  id: text({ max: 200 }).nullish(),
  display_name: text({ min: 1, max: 200 }),
});

/** `maxMessageChars`: the setting. */
export function createEventCreateSchema({ maxMessageChars }: { readonly maxMessageChars: number }) {
  return z
    .object({
      kind: z.enum(eventKinds),
      source: z.enum(eventSources),
      message: text({ max: maxMessageChars }).nullish(),
      data: json.nullish(),
      metadata: jsonObject.nullish(),
      participant: participant.nullish(),
      status: z.enum(eventStatuses).nullish(),
      guidelines: z
        .array(
          z.object({
            action: text({ min: 1, max: maxMessageChars }),
            rationale: z.enum(['unspecified', 'buy_time', 'follow_up']).nullish(),
          }),
        )
        .max(100)
        .nullish()
        .meta({
          description:
            'With `source` ai_agent: what it is to say. It says it at once, beside any turn; the answer is its message.',
        }),
    })
    .meta({ id: 'EventCreate' });
}

export type EventCreate = z.output<ReturnType<typeof createEventCreateSchema>>;

export const eventCreateQuery = z.object({
  moderation: z.enum(['none', 'auto', 'paranoid']).optional().meta({
    description:
      'Of a customer’s message, where the server does not look more closely anyway. `auto`: as the language provider moderates. `paranoid`: that, and a check for jailbreaks. Default `none`.',
  }),
});

const kindsText = z.string().transform((list) => list.split(','));

export const eventListQuery = z.object({
  min_offset: wholeNumber().optional().meta({ description: 'Inclusive; default 0.' }),
  source: z.enum(eventSources).optional(),
  kinds: z
    .union([kindsText, z.array(kindsText).transform((lists) => lists.flat())])
    .pipe(z.array(z.enum(eventKinds)))
    .optional()
    .meta({
      description: 'Separated by commas, or repeated.',
      ...shownAs({ type: 'string', examples: ['message,status'] }),
    }),
  trace_id: z.string().min(1).optional(),
  correlation_id: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'An old name of `trace_id`.', deprecated: true }),
  wait_for_data: wholeNumber()
    .optional()
    .meta({ description: 'Seconds to wait for a matching event before answering 504; 0: answer at once.' }),
  growing: yesNo.optional().meta({
    description:
      'Shows a message that still grows (agents with `message_output_mode: "stream"`) and what is behind it; default: when it is whole.',
  }),
  turns: yesNo.optional().meta({
    description:
      "A stream also has `turn` frames: how the statechart of the agent's turn moves, where it has one.",
  }),
  sse: yesNo.optional().meta({
    description:
      "Parlant's event stream: plain `data:` frames, closed after `wait_for_data` seconds of silence.",
  }),
});

export const eventReadQuery = z.object({
  wait_for_completion: yesNo
    .optional()
    .meta({ description: 'Answer when the message is whole, or after `wait_for_data` seconds as it is.' }),
  wait_for_data: wholeNumber().optional().meta({ description: 'Seconds, for both other options.' }),
  sse: yesNo.optional().meta({ description: 'Stream the event while it grows.' }),
});

export type EventReadQuery = z.output<typeof eventReadQuery>;

export const eventDeleteQuery = z.object({
  min_offset: wholeNumber().meta({ description: 'Inclusive.' }),
});

export const eventUpdateSchema = z
  .object({
    metadata: z
      .object({ set: jsonObject.nullish(), unset: z.array(z.string()).max(100).nullish() })
      .nullish(),
  })
  .meta({ id: 'EventUpdate' });

export type EventListQuery = z.output<typeof eventListQuery>;

/** Voice sessions on the wire. Names are camelCase, as the pages and workers that read them write them. */
import { z } from 'zod';
import type { StatusChange } from '../../voice/voice-log.ts';
import type { Flow } from '../../voice/flows.ts';
import { voiceRoles } from '../../voice/voice-roles.ts';
import { type VoiceSession, voiceStatuses } from '../../voice/voice-session.ts';
import { turnStatuses } from './chat.ts';
import { sessionId, text, timestamp } from './common.ts';

const status = z.enum(voiceStatuses);

export const flowParams = z.object({ flow_id: z.string().max(200) });
export const voiceSessionParams = z.object({ voice_session_id: sessionId });

export const flowListSchema = z
  .object({
    voiceConfigured: z.boolean().meta({ description: 'Whether flows can be called by voice.' }),
    flows: z.array(
      z.object({ id: z.string(), agentId: z.string(), greeting: z.string(), locale: z.string().nullable() }),
    ),
  })
  .meta({ id: 'Flows' });

export const voiceCallSchema = z
  .object({
    displayName: text({ min: 1, max: 200 }).optional().meta({ description: 'What others in the room see.' }),
    locale: text({ min: 1, max: 35 }).optional().meta({ description: "Default: the flow's." }),
  })
  .meta({ id: 'VoiceCall', examples: [{ displayName: 'Ann', locale: 'en' }] });

const token = z.string().meta({ description: 'Of LiveKit; good for ten minutes, which is for the join.' });
const url = z.string().meta({ description: 'Where to join.', examples: ['wss://livekit.example.com'] });

export const voiceStartSchema = z
  .object({
    sessionId: z.string(),
    roomName: z.string(),
    token,
    url,
    participantIdentity: z.string(),
    status,
    deadlineAt: timestamp,
  })
  .meta({ id: 'VoiceStart' });

const failure = z.object({
  code: z.string().meta({ examples: ['ready_deadline'] }),
  reason: z.string().nullable().meta({ description: 'Of `ready_deadline`: what a look at the room found.' }),
  message: z.string().nullable(),
});

export const voiceSessionSchema = z
  .object({
    sessionId: z.string(),
    flowId: z.string(),
    status,
    deadlineAt: timestamp.meta({ description: 'When the agent must have been ready.' }),
    readyAt: timestamp.nullable(),
    failure: failure.nullable(),
    talkSessionId: z
      .string()
      .nullable()
      .meta({ description: 'The conversation, once the worker has asked for it.' }),
    history: z.array(z.object({ status, at: timestamp })),
  })
  .meta({ id: 'VoiceSession' });

export const tokenRequestSchema = z
  .object({
    role: z.enum(voiceRoles).meta({
      description:
        '`user` speaks, and is the owner; the others only watch, and hear of more the higher they are.',
    }),
  })
  .meta({ id: 'VoiceTokenRequest' });

export const voiceTokenSchema = z
  .object({ token, participantIdentity: z.string(), url })
  .meta({ id: 'VoiceToken' });

const MESSAGE_CHARS = 1_000;
const GREETING_CHARS = 4_000;

/** What a worker says is cut rather than refused: a report must not be lost for its wording. */
function cut(chars: number) {
  return z
    .string()
    .overwrite((value) => value.slice(0, chars).toWellFormed())
    .optional();
}

export const agentReportSchema = z
  .object({
    type: z.string().meta({ examples: ['agent.joined', 'agent.ready', 'agent.failed'] }),
    sessionId: z.string(),
    timestamp: z.string().meta({ description: 'ISO 8601; without a zone it is UTC.' }),
    greeting: cut(GREETING_CHARS).meta({ description: 'Of `agent.ready`: what was spoken.' }),
    code: cut(64).meta({ description: 'Of `agent.failed`.' }),
    message: cut(MESSAGE_CHARS).meta({ description: 'Of `agent.failed`.' }),
  })
  .meta({ id: 'AgentReport' });

export const reportedSchema = z
  .object({ status, duplicate: z.boolean().meta({ description: 'It was known, and changes nothing.' }) })
  .meta({ id: 'AgentReported' });

/** `maxMessageChars`: the setting. */
export function createFlowRequestSchema({ maxMessageChars }: { readonly maxMessageChars: number }) {
  return z
    .discriminatedUnion('phase', [
      z.object({ phase: z.literal('init') }),
      z.object({
        phase: z.literal('turn'),
        text: text({ min: 1, max: maxMessageChars }).refine(
          (value) => value.trim() !== '',
          'must not be blank',
        ),
      }),
    ])
    .meta({ id: 'FlowRequest' });
}

export const flowStartSchema = z
  .object({ greeting: z.string(), talkSessionId: z.string(), agentId: z.string() })
  .meta({ id: 'FlowStart', description: 'Of `init`.' });

export const flowTurnSchema = z
  .object({ status: z.enum(turnStatuses), messages: z.array(z.string()) })
  .meta({ id: 'FlowTurn', description: 'Of `turn`.' });

export function toFlowJson({ id, agentId, greeting, locale }: Flow) {
  return { id, agentId, greeting, locale };
}

export function toVoiceSessionJson(
  session: VoiceSession,
  history: readonly StatusChange[],
): z.input<typeof voiceSessionSchema> {
  const { id, flowId, deadlineAt, readyAt, failure, talkSessionId } = session;
  return {
    sessionId: id,
    flowId,
    status: session.status,
    deadlineAt: toUtc(deadlineAt),
    readyAt: readyAt === null ? null : toUtc(readyAt),
    failure,
    talkSessionId,
    history: [...history],
  };
}

export function toUtc(ms: number): string {
  return new Date(ms).toISOString();
}

/** What voice workers call, with the token that came with their job: where they stand, and the conversation they lend their voice to. */
import type { Request } from 'express';
import { z } from 'zod';
import type { Settings } from '../../config.ts';
import { BadAgentEventError, BadCallbackTokenError } from '../../errors.ts';
import type { AgentReport } from '../../voice/voice-log.ts';
import type { Voice } from '../../voice/voice.ts';
import type { Leases } from '../leases.ts';
import { notesOf } from '../notes.ts';
import { route, type Route } from '../route.ts';
import {
  agentReportSchema,
  createFlowRequestSchema,
  flowStartSchema,
  flowTurnSchema,
  reportedSchema,
  voiceSessionParams,
} from '../schemas/voice.ts';

export type VoiceWorkerDeps = {
  readonly settings: Pick<Settings, 'maxMessageChars'>;
  readonly voice: Voice;
  readonly leases: Pick<Leases, 'untilGivenUp'>;
};

export function voiceWorkerRoutes(deps: VoiceWorkerDeps): readonly Route[] {
  return [takeReport(deps), talk(deps)];
}

const errors = [
  'VOICE_NOT_CONFIGURED',
  'BAD_CALLBACK_TOKEN',
  'VOICE_SESSION_NOT_FOUND',
  'SESSION_OVER',
] as const;

function toShared({ voice }: VoiceWorkerDeps) {
  return {
    method: 'post',
    operation: 'report as a voice worker',
    tag: 'Voice',
    params: voiceSessionParams,
    /** Before anything is looked up. */
    admit({ headers, params }: Request) {
      const [, token = ''] = /^Bearer ([^ ]+)$/i.exec(headers.authorization ?? '') ?? [];
      if (!voice.service().isWorker(String(params['voice_session_id']), token))
        throw new BadCallbackTokenError();
    },
  } as const;
}

function takeReport(deps: VoiceWorkerDeps): Route {
  return route({
    ...toShared(deps),
    path: '/api/voice-sessions/{voice_session_id}/agent-status',
    summary: 'Say where a voice agent stands',
    description:
      'For voice workers, with the token of their job. `agent.ready` makes the session ready; 409 `SESSION_OVER` means: leave.',
    body: agentReportSchema,
    answers: { 200: { description: 'It is stored.', schema: reportedSchema } },
    errors: [...errors, 'BAD_EVENT'],
    async handle({ params: { voice_session_id: id = '' }, body }) {
      const reported = await deps.voice.service().sessions.report(id, toReport(id, body));
      return { status: 200, body: reported };
    },
  });
}

function talk(deps: VoiceWorkerDeps): Route {
  return route({
    ...toShared(deps),
    path: '/api/voice-sessions/{voice_session_id}/flow',
    summary: 'Lend a conversation a voice',
    description:
      'For voice workers, with the token of their job. `init`: the greeting to speak, and the talk session; asked again it is the same. `turn`: what the user said, and what the agent answers.',
    body: createFlowRequestSchema(deps.settings),
    answers: {
      200: { description: 'What to speak.', schema: z.union([flowStartSchema, flowTurnSchema]) },
    },
    errors: [...errors, 'AGENT_NOT_FOUND', 'FLOW_NOT_FOUND', 'TOO_MANY_SESSIONS', 'QUEUE_FULL'],
    async handle({ params: { voice_session_id: id = '' }, body, res }) {
      const { sessions, conversation } = deps.voice.service();
      const session = await sessions.get(id);
      if (body.phase === 'init') return { status: 200, body: await conversation.init(session) };
      notesOf(res).isWait = true;
      const signal = deps.leases.untilGivenUp(res);
      return { status: 200, body: await conversation.turn(session, body.text, signal) };
    },
  });
}

const types = ['agent.joined', 'agent.ready', 'agent.failed'] as const;
const CODE = /^[a-z][a-z0-9_]*$/;

/** Throws `BadAgentEventError`. */
function toReport(sessionId: string, body: z.output<typeof agentReportSchema>): AgentReport {
  const type = types.find((known) => known === body.type);
  if (!type) throw new BadAgentEventError(`there is no type "${body.type.slice(0, 40)}"`);
  if (body.sessionId !== sessionId) throw new BadAgentEventError('it is of another session');
  const timestamp = toTimestamp(body.timestamp);
  if (type === 'agent.ready')
    return { type, timestamp, ...(body.greeting !== undefined && { greeting: body.greeting }) };
  if (type === 'agent.joined') return { type, timestamp };
  const { code = '', message } = body;
  return {
    type,
    timestamp,
    code: CODE.test(code) ? code : 'agent_failed',
    ...(message !== undefined && { message }),
  };
}

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/;

/** ISO 8601. Workers in Python send no zone: it is UTC. */
function toTimestamp(given: string): string {
  const time = Date.parse(LOCAL_TIME.test(given) ? `${given}Z` : given);
  if (Number.isNaN(time)) throw new BadAgentEventError('its timestamp is no time');
  return new Date(time).toISOString();
}

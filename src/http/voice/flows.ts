/** `GET /api/flows`, and `POST /api/flows/{id}/test-audio`: a voice session, answered at once. Whoever waits for the agent does so by its events. */
import { z } from 'zod';
import type { AgentDirectory } from '../../agents/agent-runner.ts';
import {
  AgentNotFoundError,
  type DomainError,
  LiveKitAuthError,
  LiveKitRejectedError,
  LiveKitTimeoutError,
  LiveKitUnavailableError,
  LiveKitUnreachableError,
  VoiceSessionFailedError,
} from '../../errors.ts';
import type { Receipt } from '../../event-log/event-log.ts';
import type { VoiceSession } from '../../voice/voice-session.ts';
import type { Voice, VoiceService } from '../../voice/voice.ts';
import type { ReceiptKey } from '../idempotency.ts';
import { route, type Answer, type Route } from '../route.ts';
import {
  flowListSchema,
  flowParams,
  toFlowJson,
  toUtc,
  voiceCallSchema,
  voiceStartSchema,
} from '../schemas/voice.ts';
import { orgOf, ownerOf } from './voice-caller.ts';

export type FlowsDeps = { readonly voice: Voice; readonly agents: AgentDirectory };

export function flowRoutes(deps: FlowsDeps): readonly Route[] {
  return [listFlows(deps), callFlow(deps)];
}

function listFlows({ voice }: FlowsDeps): Route {
  return route({
    method: 'get',
    path: '/api/flows',
    operation: 'read flows',
    tag: 'Voice',
    summary: 'List flows',
    description: "Those of the caller's organisation.",
    answers: { 200: { description: 'The flows.', schema: flowListSchema } },
    handle: ({ caller }) => ({
      status: 200,
      body: { voiceConfigured: voice.isConfigured, flows: voice.flows.list(orgOf(caller)).map(toFlowJson) },
    }),
  });
}

function callFlow({ voice, agents }: FlowsDeps): Route {
  return route({
    method: 'post',
    path: '/api/flows/{flow_id}/test-audio',
    operation: 'call a flow by voice',
    tag: 'Voice',
    summary: 'Start a voice session',
    description:
      'Makes a room, calls an agent into it and answers: it waits `VOICE_DISPATCH_WAIT_MS` at most for LiveKit, and never for the agent. That the agent is ready is told by the events of the session (docs/voice.md).',
    params: flowParams,
    body: voiceCallSchema.optional(),
    idempotent: true,
    ...(voice.isConfigured && { receipts: voice.service().receipts }),
    answers: {
      201: { description: 'LiveKit has accepted the call.', schema: voiceStartSchema },
      202: { description: 'LiveKit has not answered yet; `status` is `pending`.', schema: voiceStartSchema },
    },
    errors: [
      'FLOW_NOT_FOUND',
      'VOICE_NOT_CONFIGURED',
      'AGENT_NOT_FOUND',
      'LIVEKIT_UNAVAILABLE',
      'LIVEKIT_TIMEOUT',
      'LIVEKIT_UNREACHABLE',
      'LIVEKIT_AUTH',
      'LIVEKIT_REJECTED',
      'VOICE_SESSION_FAILED',
      'SHUTTING_DOWN',
    ],
    async handle({ params: { flow_id: flowId = '' }, body, caller, receiptKey }) {
      const orgId = orgOf(caller);
      const flow = voice.flows.get(flowId, orgId);
      const service = voice.service();
      if (!agents.get(flow.agentId)) throw new AgentNotFoundError(flow.agentId);
      const ownerId = ownerOf(caller);
      const { displayName: participantName = ownerId, locale = flow.locale } = body ?? {};
      const { id } = await service.sessions.create(
        { flowId, agentId: flow.agentId, orgId, ownerId, participantName, locale },
        receiptKey && { receipt: toReceipt(receiptKey) },
      );
      return answerStart(service, id);
    },
    /** The session that was made; its token is signed anew, and never stored. */
    async repeat(result) {
      const { status, body, headers } = await answerStart(voice.service(), receipt.parse(result).sessionId);
      return { status, body, headers: { ...headers, 'Idempotency-Replayed': 'true' } };
    },
  });
}

const receipt = z.object({ sessionId: z.string() });

function toReceipt(key: ReceiptKey): Receipt {
  return { ...key, result: ({ session }) => ({ sessionId: session.id }) };
}

async function answerStart({ sessions, joinTokens }: VoiceService, sessionId: string): Promise<Answer> {
  const session = await sessions.dispatched(sessionId);
  const { roomName, participantIdentity: identity, participantName: name, status, deadlineAt } = session;
  if (status === 'failed') throw toStartError(session);
  return {
    status: status === 'pending' ? 202 : 201,
    headers: { Location: `/api/voice-sessions/${sessionId}` },
    body: {
      sessionId,
      roomName,
      token: await joinTokens.sign({ roomName, identity, name, role: 'user' }),
      url: joinTokens.url,
      participantIdentity: identity,
      status,
      deadlineAt: toUtc(deadlineAt),
    },
  };
}

const startErrors: Readonly<Record<string, new (sessionId: string, message: string | null) => DomainError>> =
  {
    livekit_unavailable: LiveKitUnavailableError,
    livekit_timeout: LiveKitTimeoutError,
    livekit_unreachable: LiveKitUnreachableError,
    livekit_auth: LiveKitAuthError,
    livekit_rejected: LiveKitRejectedError,
  };

function toStartError({ id, failure }: VoiceSession): DomainError {
  const Failed = startErrors[failure?.code ?? ''] ?? VoiceSessionFailedError;
  return new Failed(id, failure?.message ?? null);
}

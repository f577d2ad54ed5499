/** The conversation of a voice session: an ordinary talk session of its owner, made when the worker asks for it. */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import { AgentNotFoundError, SessionIdTakenError, VoiceSessionOverError } from '../errors.ts';
import type { MessageData } from '../event-log/event.ts';
import type { SessionRecord } from '../event-log/session-record.ts';
import type { Sessions } from '../session/sessions.ts';
import { type AgentService, GUEST } from '../talk/agent-service.ts';
import type { TurnResult } from '../talk/turn-stream.ts';
import type { Flows } from './flows.ts';
import { isOver, talkSessionIdOf, type VoiceSession } from './voice-session.ts';
import type { VoiceSessions } from './voice-sessions.ts';

export type FlowStart = {
  readonly greeting: string;
  readonly talkSessionId: string;
  readonly agentId: string;
};

export type FlowTurn = {
  readonly status: TurnResult['status'];
  /** What the agent says, in order. */
  readonly messages: readonly string[];
};

export interface FlowConversation {
  /**
   * Makes the talk session, with the greeting as its first message; asked again it finds it. `VoiceSessionOverError`,
   * `AgentNotFoundError`, `FlowNotFoundError` if the flow is gone, `TooManySessionsError`.
   */
  init(session: VoiceSession): Promise<FlowStart>;
  /** What the user said, and what the agent answers. `signal` stops the waiting, not the turn. */
  turn(session: VoiceSession, text: string, signal: AbortSignal): Promise<FlowTurn>;
}

export type FlowConversationDeps = {
  readonly flows: Flows;
  readonly agents: AgentDirectory;
  readonly agentService: Pick<AgentService, 'createTalkSession' | 'process'>;
  readonly sessions: Pick<Sessions, 'get' | 'post'>;
  readonly voiceSessions: Pick<VoiceSessions, 'keepTalkSession'>;
};

export function createFlowConversation(deps: FlowConversationDeps): FlowConversation {
  const { flows, agentService, voiceSessions } = deps;
  /** Being made: a worker that asks again meanwhile waits for the same. */
  const making = new Map<string, Promise<void>>();

  return {
    init,

    async turn(session, text, signal) {
      const { talkSessionId } = await init(session);
      const result = await agentService.process({
        ...userOf(session),
        sessionId: talkSessionId,
        text,
        signal,
      });
      return {
        status: result.status,
        messages: result.messages.map(({ data }) => (data as MessageData).message), // message events
      };
    },
  };

  async function init(session: VoiceSession): Promise<FlowStart> {
    if (isOver(session)) throw new VoiceSessionOverError(session.id, session.status);
    const { greeting } = flows.get(session.flowId, session.orgId);
    const talkSessionId = talkSessionIdOf(session);
    if (session.talkSessionId === null) await makeOnce(session, talkSessionId, greeting);
    return { greeting, talkSessionId, agentId: session.agentId };
  }

  function makeOnce(session: VoiceSession, talkSessionId: string, greeting: string): Promise<void> {
    const underWay = making.get(session.id);
    if (underWay) return underWay;
    const made = make(session, talkSessionId, greeting).finally(() => making.delete(session.id));
    making.set(session.id, made);
    return made;
  }

  async function make(session: VoiceSession, talkSessionId: string, greeting: string): Promise<void> {
    const { nextOffset } = await findOrMake(deps, session, talkSessionId);
    // The process may have died between the two.
    if (nextOffset === 0) await greet(deps, session, { talkSessionId, greeting });
    await voiceSessions.keepTalkSession(session.id, talkSessionId);
  }
}

async function findOrMake(
  { agentService, sessions }: FlowConversationDeps,
  session: VoiceSession,
  talkSessionId: string,
): Promise<SessionRecord> {
  try {
    return await agentService.createTalkSession(userOf(session).userId, {
      id: talkSessionId,
      agentId: session.agentId,
      metadata: { voice_session_id: session.id, flow_id: session.flowId },
    });
  } catch (error) {
    if (!(error instanceof SessionIdTakenError)) throw error;
    const found = await sessions.get(talkSessionId);
    if (found.customerId !== session.ownerId) throw error;
    return found;
  }
}

async function greet(
  { agents, sessions }: FlowConversationDeps,
  { agentId }: VoiceSession,
  { talkSessionId, greeting }: { readonly talkSessionId: string; readonly greeting: string },
): Promise<void> {
  const agent = agents.get(agentId);
  if (!agent) throw new AgentNotFoundError(agentId);
  await sessions.post(talkSessionId, {
    source: 'ai_agent',
    kind: 'message',
    data: { message: greeting, participant: { id: agentId, display_name: agent.name } },
  });
}

/** The guest is nobody in particular: an operator talks for them. */
function userOf({ ownerId }: VoiceSession): { readonly userId?: string } {
  return ownerId === GUEST ? {} : { userId: ownerId };
}

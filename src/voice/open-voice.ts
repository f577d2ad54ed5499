/** Puts the parts of voice together over a LiveKit server. Loaded only where one is configured. */
import type { InspectionEvent } from 'xstate';
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Log } from '../event-log/event-log.ts';
import type { Clock } from '../session/clock.ts';
import type { Sessions } from '../session/sessions.ts';
import type { AgentService } from '../talk/agent-service.ts';
import { createCallbackTokens } from './callback-token.ts';
import { dispatchAgent } from './dispatch-agent.ts';
import { createFlowConversation } from './flow-conversation.ts';
import { startFlowRelay } from './flow-relay.ts';
import { createFlows, type FlowConfig } from './flows.ts';
import { createLiveKitRooms } from './livekit/livekit-rooms.ts';
import { createLiveKitTokens } from './livekit/livekit-tokens.ts';
import { createLiveKitWebhooks } from './livekit/livekit-webhooks.ts';
import { probeRoom } from './probe-room.ts';
import { createRoomMembers, type RoomMembers } from './room-members.ts';
import type { VoiceLogger, VoiceWork } from './voice-host.ts';
import { RoomsError, type VoiceRooms } from './voice-rooms.ts';
import { createVoiceSessions } from './voice-sessions.ts';
import type { VoiceKeys, VoiceSettings } from './voice-settings.ts';
import type { Voice, VoiceService } from './voice.ts';

export type OpenVoiceOptions = {
  readonly keys: VoiceKeys;
  readonly settings: VoiceSettings;
  readonly flows: readonly FlowConfig[];
  /** Of talk sessions. */
  readonly log: Log;
  /** Of voice sessions only; closed with voice. */
  readonly voiceEvents: Log;
  readonly agents: AgentDirectory;
  readonly sessions: Sessions;
  readonly agentService: AgentService;
  /** Where workers reach this server. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly logger: VoiceLogger;
  readonly inspect?: (event: InspectionEvent) => void;
};

/** Brings back the sessions that are not over. Throws `InvalidFlowError`. */
export async function openVoice(options: OpenVoiceOptions): Promise<Voice> {
  const { keys, settings, voiceEvents, clock, logger, inspect } = options;
  const { livekitAgentName: agentName } = settings;
  const flows = createFlows(options.flows);
  const rooms = createLiveKitRooms({
    ...keys,
    ...(agentName !== undefined && { agentName }),
    readyTimeoutMs: settings.voiceReadyTimeoutMs,
    timeoutMs: settings.livekitTimeoutMs,
  });
  const callbackTokens = createCallbackTokens(keys.callbackSecret);
  const members = createRoomMembers({ rooms, clock });
  const sessions = createVoiceSessions({
    log: voiceEvents,
    work: createWork(options, { rooms, tokens: callbackTokens, members }),
    logger,
    limits: {
      readyTimeoutMs: settings.voiceReadyTimeoutMs,
      dispatchWaitMs: settings.voiceDispatchWaitMs,
      sessionTtlMs: settings.sessionTtlMs,
    },
    clock,
    ...(inspect && { inspect }),
  });
  const relay = startFlowRelay({ ...options, flows, rooms, members, voiceSessions: sessions });
  const service: VoiceService = {
    sessions,
    conversation: createFlowConversation({ ...options, flows, voiceSessions: sessions }),
    isWorker: (sessionId, token) => callbackTokens.isValid(token, { id: sessionId, now: clock.now() }),
    joinTokens: createLiveKitTokens(keys),
    webhooks: createLiveKitWebhooks({ ...keys, ...(agentName !== undefined && { agentName }) }),
    receipts: voiceEvents,
    async notice(news) {
      members.forget(news.roomName);
      await sessions.notice(news);
    },
  };
  await sessions.resume();
  return {
    flows,
    isConfigured: true,
    service: () => service,
    async close() {
      relay.close();
      await sessions.shutdown();
      await voiceEvents.close();
    },
  };
}

/** What the statechart asks for, done by LiveKit. */
function createWork(
  { settings, publicUrl, clock, logger }: OpenVoiceOptions,
  {
    rooms,
    tokens,
    members,
  }: {
    readonly rooms: VoiceRooms;
    readonly tokens: ReturnType<typeof createCallbackTokens>;
    readonly members: Pick<RoomMembers, 'forget'>;
  },
): VoiceWork {
  const callsAgents = settings.livekitAgentName !== undefined;
  return {
    dispatch: (session, signal) => dispatchAgent({ rooms, tokens, publicUrl, callsAgents }, session, signal),
    probe: (session) => probeRoom(rooms, session, () => clock.now()),
    async removeRoom({ id, roomName }) {
      members.forget(roomName);
      try {
        await rooms.removeRoom(roomName);
      } catch (error) {
        if (!(error instanceof RoomsError)) throw error;
        // LiveKit ends a room nobody is in by itself.
        logger.warn({ sessionId: id, code: error.fault }, 'a voice room could not be removed');
      }
    },
  };
}

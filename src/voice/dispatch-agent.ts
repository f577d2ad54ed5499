/**
 * Makes a session's room and calls an agent into it. Two texts go with that and are kept apart: everybody in the room can read the
 * room's, only the worker reads the one with the token.
 */
import type { DispatchOutput } from '../../machines/voice-session.machine.ts';
import type { CallbackTokens } from './callback-token.ts';
import { toFailure, type VoiceRooms } from './voice-rooms.ts';
import type { VoiceSession } from './voice-session.ts';

export type DispatchDeps = {
  readonly rooms: Pick<VoiceRooms, 'openRoom' | 'ensureDispatch'>;
  readonly tokens: Pick<CallbackTokens, 'sign'>;
  /** Where workers reach this server. */
  readonly publicUrl: () => string;
  /** False: workers come into every new room by themselves. */
  readonly callsAgents: boolean;
};

/** A second time it finds what the first has made. */
export async function dispatchAgent(
  deps: DispatchDeps,
  session: VoiceSession,
  signal: AbortSignal,
): Promise<DispatchOutput> {
  const { rooms, callsAgents } = deps;
  const { id, flowId, roomName } = session;
  try {
    await rooms.openRoom(roomName, JSON.stringify({ sessionId: id, flowId }));
    // Stopped meanwhile, or the agent is there already: nobody need be called.
    if (callsAgents && !signal.aborted)
      await rooms.ensureDispatch(roomName, { sessionId: id, metadata: workerMetadata(deps, session) });
    return { kind: 'dispatched' };
  } catch (error) {
    return { kind: 'failed', failure: toFailure(error) };
  }
}

function workerMetadata({ tokens, publicUrl }: DispatchDeps, session: VoiceSession): string {
  const { id, flowId, orgId, participantIdentity, locale } = session;
  return JSON.stringify({
    v: 1,
    sessionId: id,
    flowId,
    orgId,
    participantIdentity,
    callbackUrl: `${publicUrl().replace(/\/+$/, '')}/api/voice-sessions/${id}/agent-status`,
    callbackToken: tokens.sign(session),
    locale,
  });
}

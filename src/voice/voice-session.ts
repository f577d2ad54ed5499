/** What a voice session is: the facts it began with, and where it stands. Times are ms since 1970. */
import { randomUUID } from 'node:crypto';
import type { VoiceFailure, VoiceStatus } from '../../machines/voice-session.machine.ts';

export type { VoiceFailure, VoiceStatus };

/** In the order in which a session passes them; it may skip some. */
export const voiceStatuses = [
  'pending',
  'dispatched',
  'connecting',
  'ready',
  'failed',
  'ended',
] as const satisfies readonly VoiceStatus[];

export type VoiceSession = {
  /** `vs_<uuid>`. */
  readonly id: string;
  readonly flowId: string;
  readonly agentId: string;
  readonly orgId: string;
  /** Whose it is: a customer, or the guest. */
  readonly ownerId: string;
  readonly roomName: string;
  /** Who the owner is in the room. */
  readonly participantIdentity: string;
  /** What they are called there. */
  readonly participantName: string;
  readonly locale: string | null;
  /** When the agent must have been ready. */
  readonly deadlineAt: number;
  readonly status: VoiceStatus;
  readonly readyAt: number | null;
  readonly failure: VoiceFailure | null;
  /** The conversation, once the worker has asked for it. */
  readonly talkSessionId: string | null;
  /** Whether nothing is left to do for it: it is over, and its room was removed. */
  readonly isClosed: boolean;
};

export type NewVoiceSession = Pick<
  VoiceSession,
  'flowId' | 'agentId' | 'orgId' | 'ownerId' | 'participantName' | 'locale'
>;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ROOM_NAME = new RegExp(`^flow-.+-(vs_${UUID})$`);
const TALK_ID = new RegExp(`^tlk_(${UUID})$`);

/** A session that begins now, with names of its own. */
export function newVoiceSession(request: NewVoiceSession, deadlineAt: number): VoiceSession {
  const uuid = randomUUID();
  const id = `vs_${uuid}`;
  return {
    ...request,
    id,
    roomName: `flow-${request.flowId}-${id}`,
    participantIdentity: `user-${request.ownerId}-${uuid.slice(0, 8)}`,
    deadlineAt,
    status: 'pending',
    readyAt: null,
    failure: null,
    talkSessionId: null,
    isClosed: false,
  };
}

/** Whose room that may be; undefined for rooms that are none of ours. */
export function sessionIdOfRoom(roomName: string): string | undefined {
  return ROOM_NAME.exec(roomName)?.[1];
}

/** The id of its conversation. Always the same, so that asking twice makes one. */
export function talkSessionIdOf({ id }: Pick<VoiceSession, 'id'>): string {
  return id.replace(/^vs_/, 'tlk_');
}

/** The voice session whose conversation that may be; undefined for other talk sessions. */
export function sessionIdOfTalk(talkSessionId: string): string | undefined {
  const uuid = TALK_ID.exec(talkSessionId)?.[1];
  return uuid && `vs_${uuid}`;
}

/** Whether it has failed or ended. */
export function isOver({ status }: Pick<VoiceSession, 'status'>): boolean {
  return status === 'failed' || status === 'ended';
}

/** Who somebody is to voice: the organisation, the role, and which voice sessions exist for them. */
import { VoiceSessionNotFoundError } from '../../errors.ts';
import { GUEST } from '../../talk/agent-service.ts';
import { DEFAULT_ORG } from '../../voice/flows.ts';
import { isAtLeast, toVoiceRole, type VoiceRole } from '../../voice/voice-roles.ts';
import type { VoiceSession } from '../../voice/voice-session.ts';
import type { VoiceSessions } from '../../voice/voice-sessions.ts';
import type { Caller } from '../access.ts';

export function orgOf(caller: Caller): string {
  return caller.role === 'anybody' ? DEFAULT_ORG : (caller.org ?? DEFAULT_ORG);
}

/** What an operator creates for nobody is the guest's. */
export function ownerOf(caller: Caller): string {
  return caller.role === 'customer' ? caller.customerId : GUEST;
}

/** The highest of the caller's roles. An operator may everything. */
export function roleOf(caller: Caller): VoiceRole {
  if (caller.role === 'operator') return 'admin';
  const named = caller.role === 'customer' ? (caller.roles ?? []) : [];
  return named
    .map((name) => toVoiceRole(name) ?? 'user')
    .reduce<VoiceRole>((highest, role) => (isAtLeast(role, highest) ? role : highest), 'user');
}

/** What others in a room see of somebody who watches. */
export function nameOf(caller: Caller): string {
  if (caller.role === 'operator') return caller.name;
  return caller.role === 'customer' ? caller.customerId : caller.role;
}

export function isOwner(caller: Caller, { ownerId, orgId }: VoiceSession): boolean {
  return ownerOf(caller) === ownerId && orgOf(caller) === orgId;
}

/** Own sessions, and to whoever watches those of the organisation. Throws `VoiceSessionNotFoundError` for all others. */
export async function findVoiceSession(
  sessions: Pick<VoiceSessions, 'get'>,
  sessionId: string,
  caller: Caller,
  least: VoiceRole = 'monitor',
): Promise<VoiceSession> {
  const session = await sessions.get(sessionId);
  const watches = orgOf(caller) === session.orgId && isAtLeast(roleOf(caller), least);
  if (!isOwner(caller, session) && !watches) throw new VoiceSessionNotFoundError(sessionId);
  return session;
}

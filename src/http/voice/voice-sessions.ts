/** Voice sessions as their owners and watchers see them: where one stands, its events, its end, and tokens to join its room. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RoleNotAllowedError, VoiceSessionOverError } from '../../errors.ts';
import { isAtLeast, type VoiceRole } from '../../voice/voice-roles.ts';
import { isOver, type VoiceSession } from '../../voice/voice-session.ts';
import type { Voice } from '../../voice/voice.ts';
import type { Caller } from '../access.ts';
import { lastEventIdOf } from '../last-event-id.ts';
import type { Leases } from '../leases.ts';
import { wantsStream } from '../negotiation.ts';
import { route, type Handled, type Route, type RouteRequest } from '../route.ts';
import { eventSchema } from '../schemas/event.ts';
import {
  tokenRequestSchema,
  toVoiceSessionJson,
  voiceSessionParams,
  voiceSessionSchema,
  voiceTokenSchema,
} from '../schemas/voice.ts';
import type { Streams } from '../stream.ts';
import { findVoiceSession, isOwner, nameOf, roleOf } from './voice-caller.ts';

export type VoiceSessionsDeps = {
  readonly voice: Voice;
  readonly leases: Leases;
  readonly streams: Streams;
};

const shared = {
  tag: 'Voice',
  params: voiceSessionParams,
} as const;

const errors = ['VOICE_NOT_CONFIGURED', 'VOICE_SESSION_NOT_FOUND'] as const;

export function voiceSessionRoutes(deps: VoiceSessionsDeps): readonly Route[] {
  return [readSession(deps), stopSession(deps), readEvents(deps), signToken(deps)];
}

function readSession({ voice }: VoiceSessionsDeps): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/api/voice-sessions/{voice_session_id}',
    operation: 'read a voice session',
    summary: 'Where a voice session stands',
    answers: { 200: { description: 'The session.', schema: voiceSessionSchema } },
    errors,
    async handle({ params: { voice_session_id: id = '' }, caller }) {
      const { sessions } = voice.service();
      const session = await findVoiceSession(sessions, id, caller);
      return { status: 200, body: toVoiceSessionJson(session, await sessions.history(id)) };
    },
  });
}

function stopSession({ voice }: VoiceSessionsDeps): Route {
  return route({
    ...shared,
    method: 'delete',
    path: '/api/voice-sessions/{voice_session_id}',
    operation: 'stop a voice session',
    summary: 'End a voice session',
    description: 'Its room is removed, and with it everybody in it. Without effect when it is over.',
    answers: { 202: { description: 'The session after it.', schema: voiceSessionSchema } },
    errors: [...errors, 'SHUTTING_DOWN'],
    async handle({ params: { voice_session_id: id = '' }, caller }) {
      const { sessions } = voice.service();
      await findVoiceSession(sessions, id, caller, 'admin');
      const session = await sessions.stop(id);
      return { status: 202, body: toVoiceSessionJson(session, await sessions.history(id)) };
    },
  });
}

function readEvents(deps: VoiceSessionsDeps): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/api/voice-sessions/{voice_session_id}/events',
    operation: 'read a voice session',
    summary: 'List or follow the events of a voice session',
    description:
      'With `Accept: text/event-stream`: every event once and in order, stored ones first, resumed by `Last-Event-ID`. `data.type` is `voice.session.created`, `voice.session.status` or `voice.agent.status`. As JSON: the events so far.',
    answers: {
      200: {
        description: 'The events in offset order.',
        schema: z.array(eventSchema),
        media: { 'text/event-stream': 'Frames `custom`.' },
      },
    },
    errors: [...errors, 'INVALID_LAST_EVENT_ID', 'TOO_MANY_STREAMS', 'SHUTTING_DOWN'],
    async handle(request): Promise<Handled> {
      const { params, caller, req } = request;
      const { sessions } = deps.voice.service();
      const session = await findVoiceSession(sessions, params['voice_session_id'] ?? '', caller);
      if (req.method !== 'HEAD' && wantsStream(req)) return stream(deps, session, request);
      return { status: 200, body: await sessions.events(session.id) };
    },
  });
}

async function stream(
  { voice, leases, streams }: VoiceSessionsDeps,
  { id }: VoiceSession,
  { req, res, caller }: RouteRequest<undefined, undefined>,
): Promise<void> {
  const after = lastEventIdOf(req) ?? -1;
  const lease = leases.hold({ res, caller, sessionId: id });
  const frames = voice.service().sessions.follow(id, { after, signal: lease.signal });
  await streams.serve({ req, res, lease, frames });
}

function signToken({ voice }: VoiceSessionsDeps): Route {
  return route({
    ...shared,
    method: 'post',
    path: '/api/voice-sessions/{voice_session_id}/tokens',
    operation: 'join a voice session',
    summary: 'Sign a token to join the room',
    description: "To watch, at most in the caller's own role; as `user` only the owner, to come back.",
    body: tokenRequestSchema,
    answers: { 201: { description: 'The token.', schema: voiceTokenSchema } },
    errors: [...errors, 'ROLE_NOT_ALLOWED', 'SESSION_OVER'],
    async handle({ params: { voice_session_id: id = '' }, body: { role }, caller }) {
      const { sessions, joinTokens } = voice.service();
      const session = await findVoiceSession(sessions, id, caller);
      if (!mayJoin(caller, session, role)) throw new RoleNotAllowedError(role);
      if (isOver(session)) throw new VoiceSessionOverError(id, session.status);
      const { roomName } = session;
      const { identity, name } = guise(caller, session, role);
      const token = await joinTokens.sign({ roomName, identity, name, role });
      return { status: 201, body: { token, participantIdentity: identity, url: joinTokens.url } };
    },
  });
}

function mayJoin(caller: Caller, session: VoiceSession, role: VoiceRole): boolean {
  return role === 'user' ? isOwner(caller, session) : isAtLeast(roleOf(caller), role);
}

/** Who somebody is in the room: the user always the same, who watches somebody new each time. */
function guise(caller: Caller, session: VoiceSession, role: VoiceRole) {
  if (role === 'user') return { identity: session.participantIdentity, name: session.participantName };
  const name = nameOf(caller);
  return { identity: `${role}-${name}-${randomUUID().slice(0, 8)}`, name };
}

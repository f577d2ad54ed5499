/** Why there is no agent, for people. What the words leave out is in the code, which stands beside them. */
import type { VoiceFailure } from './voice-wire.ts';

const byCode: Readonly<Record<string, string>> = {
  livekit_unavailable: 'LiveKit has trouble of its own. Try again in a moment.',
  livekit_timeout: 'LiveKit did not answer in time. Try again in a moment.',
  livekit_unreachable: 'LiveKit cannot be reached from the server.',
  livekit_auth: "LiveKit refuses the server's key.",
  livekit_rejected: 'LiveKit refuses what the server asks for.',
  agent_init_failed: 'The agent could not begin.',
  agent_failed: 'The agent failed.',
  agent_left: 'The agent left before it was ready.',
  agent_job_failed: "The agent's worker failed.",
  room_finished: 'The room was closed before the agent was ready.',
};

const byReason: Readonly<Record<string, string>> = {
  no_worker: 'No voice worker took the call: none is running under the name that the server calls.',
  agent_not_joined: 'A voice worker took the call, but did not join.',
  user_not_joined: 'The agent came, and you were not in the room.',
  agent_not_ready: 'The agent joined, but did not say that it is ready.',
  room_gone: 'The room was closed before the agent was ready.',
  livekit_unreachable: 'No agent was ready in time, and LiveKit cannot be reached from the server.',
};

export function toWords({ code, reason, message }: VoiceFailure): string {
  const words = byReason[reason ?? ''] ?? byCode[code] ?? 'The call failed.';
  return [words, message, `(${reason === null ? code : `${code}: ${reason}`})`].filter(Boolean).join(' ');
}

/** What the server says of flows and voice sessions (docs/voice.md), as far as the page reads it. */

export type Flow = { readonly id: string; readonly agentId: string };

/** Of `GET /api/flows`. */
export type Flows = { readonly voiceConfigured: boolean; readonly flows: readonly Flow[] };

/** Of `POST /api/flows/{id}/test-audio`. */
export type VoiceStart = {
  readonly sessionId: string;
  /** Of LiveKit, to join the room at `url`. */
  readonly token: string;
  readonly url: string;
};

export type VoiceFailure = {
  readonly code: string;
  readonly reason: string | null;
  readonly message: string | null;
};

/** Of `GET /api/voice-sessions/{id}`. */
export type VoiceSession = { readonly talkSessionId: string | null };

/** `voice.session.status`, of `GET /api/voice-sessions/{id}/events`. */
export type StatusChange = {
  readonly to: 'pending' | 'dispatched' | 'connecting' | 'ready' | 'failed' | 'ended';
  readonly failure: VoiceFailure | null;
};

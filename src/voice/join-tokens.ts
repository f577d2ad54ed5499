/** The port to what lets people into a room. Signing needs no network. */
import type { VoiceRole } from './voice-roles.ts';

export type JoinRequest = {
  readonly roomName: string;
  readonly identity: string;
  /** What others see. */
  readonly name: string;
  readonly role: VoiceRole;
};

export interface JoinTokens {
  /** Where to join with it, for browsers: `ws(s)`. */
  readonly url: string;
  /** Good for ten minutes, which is needed only until the join. Never stored. */
  sign(request: JoinRequest): Promise<string>;
}

/** What voice offers to HTTP: the flows, always; and, where LiveKit is configured, everything else. */
import { VoiceNotConfiguredError } from '../errors.ts';
import type { SessionStore } from '../event-log/event-log.ts';
import { createFlows, type FlowConfig, type Flows } from './flows.ts';
import type { FlowConversation } from './flow-conversation.ts';
import type { JoinTokens } from './join-tokens.ts';
import type { VoiceSessions } from './voice-sessions.ts';
import { voiceSettingNames } from './voice-settings.ts';
import type { RoomNews, Webhooks } from './webhooks.ts';

export type VoiceService = {
  readonly sessions: VoiceSessions;
  readonly conversation: FlowConversation;
  /** Whether the token is that of the session's worker. */
  isWorker(sessionId: string, token: string): boolean;
  readonly joinTokens: JoinTokens;
  readonly webhooks: Webhooks;
  /** What requests with an `Idempotency-Key` have made. */
  readonly receipts: Pick<SessionStore, 'findReceipt'>;
  /** What LiveKit says of a room. */
  notice(news: RoomNews): Promise<void>;
};

export type Voice = {
  readonly flows: Flows;
  readonly isConfigured: boolean;
  /** Throws `VoiceNotConfiguredError`. */
  service(): VoiceService;
  /** Lets every session go without a word, and closes their log. */
  close(): Promise<void>;
};

/** Without LiveKit: flows can be listed, and not called. `missing`: the settings. Throws `InvalidFlowError`. */
export function createSilentVoice(flows: readonly FlowConfig[], missing: readonly string[]): Voice {
  return {
    flows: createFlows(flows),
    isConfigured: false,
    service() {
      throw new VoiceNotConfiguredError(missing);
    },
    async close() {},
  };
}

/** Nothing at all is set. */
export const noVoice: Voice = createSilentVoice([], voiceSettingNames);

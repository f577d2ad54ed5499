/** Whether there is all that voice sessions need. */

/** Where in the data folder the log of voice sessions is kept. */
export const voiceFolder = 'voice';

/** As `Settings` has them. */
export type VoiceSettings = {
  readonly livekitUrl?: string | undefined;
  readonly livekitApiKey?: string | undefined;
  readonly livekitApiSecret?: string | undefined;
  readonly livekitAgentName?: string | undefined;
  readonly livekitTimeoutMs: number;
  readonly voiceCallbackSecret?: string | undefined;
  readonly voiceReadyTimeoutMs: number;
  readonly voiceDispatchWaitMs: number;
  readonly sessionTtlMs: number;
};

/** The settings that must be there, complete. */
export type VoiceKeys = {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly callbackSecret: string;
};

/** The settings that voice needs; the others have defaults, or may be left out. */
export const voiceSettingNames = [
  'LIVEKIT_URL',
  'LIVEKIT_API_KEY',
  'LIVEKIT_API_SECRET',
  'VOICE_CALLBACK_SECRET',
] as const;

/** The keys, or the names of the settings that are missing. */
export function readVoiceKeys(settings: VoiceSettings): VoiceKeys | { readonly missing: readonly string[] } {
  const { livekitUrl: url, livekitApiKey: apiKey, livekitApiSecret: apiSecret } = settings;
  const { voiceCallbackSecret: callbackSecret } = settings;
  if (url && apiKey && apiSecret && callbackSecret) return { url, apiKey, apiSecret, callbackSecret };
  const values = [url, apiKey, apiSecret, callbackSecret];
  return { missing: voiceSettingNames.filter((_, index) => !values[index]) };
}

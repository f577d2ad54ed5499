/** Who people in a room are, in rising order. What somebody may see depends on it; LiveKit keeps it as the attribute `role`. */
export const voiceRoles = ['user', 'monitor', 'supervisor', 'admin'] as const;
export type VoiceRole = (typeof voiceRoles)[number];

/** Roles that watch, and never speak. */
export type WatcherRole = Exclude<VoiceRole, 'user'>;

export function isAtLeast(role: VoiceRole, least: VoiceRole): boolean {
  return voiceRoles.indexOf(role) >= voiceRoles.indexOf(least);
}

/** Undefined for what is no role of ours. */
export function toVoiceRole(name: unknown): VoiceRole | undefined {
  return voiceRoles.find((role) => role === name);
}

/** What is loaded and opened only where the settings ask for it: voice, the guard of moderation, the inspector. */
import { join } from 'node:path';
import type { Settings } from '../config.ts';
import { openSqliteLog } from '../event-log/sqlite-log.ts';
import type { LakeraGuardOptions } from '../moderation/lakera-guard.ts';
import { type Check, createModerator, type Moderator } from '../moderation/moderator.ts';
import type { Sessions } from '../session/sessions.ts';
import type { AgentService } from '../talk/agent-service.ts';
import type { Inspector } from '../telemetry/inspector.ts';
import { readVoiceKeys, voiceFolder } from '../voice/voice-settings.ts';
import { createSilentVoice, type Voice } from '../voice/voice.ts';
import type { Parts } from './parts.ts';

type VoicePlace = {
  readonly sessions: Sessions;
  readonly agentService: AgentService;
  readonly listensAt: () => string | undefined;
  readonly inspect?: Inspector['inspect'];
};

/** What speaks with LiveKit is loaded, and a log for voice sessions opened, only where it is configured. */
export async function makeVoice(parts: Parts, { listensAt, ...place }: VoicePlace): Promise<Voice> {
  const { settings, flows, entities, log, clock, logger } = parts;
  const { directory: agents } = entities;
  for (const { id, agent } of flows)
    if (!agents.get(agent)) logger.warn({ flow: id, agent }, 'a flow names an agent that is not there');
  const keys = readVoiceKeys(settings);
  if ('missing' in keys) return createSilentVoice(flows, keys.missing);
  const { publicUrl, host, port } = settings;
  const { openVoice } = await import('../voice/open-voice.ts');
  const voiceEvents = await openSqliteLog({ folder: join(settings.dataDir, voiceFolder) });
  try {
    return await openVoice({
      ...place,
      keys,
      settings,
      flows,
      log,
      voiceEvents,
      agents,
      publicUrl: () => publicUrl ?? listensAt() ?? `http://${host}:${port}`,
      clock,
      logger,
    });
  } catch (error) {
    await voiceEvents.close();
    throw error;
  }
}

/** The guard is loaded only where there is a key for it. */
export async function makeModerator({ settings, entities, nlp, clock, logger }: Parts): Promise<Moderator> {
  const { lakeraApiKey: apiKey, lakeraUrl: url } = settings;
  const guard = apiKey === undefined ? undefined : await makeGuard({ apiKey, url });
  const nlpOf = (agentId: string) => nlp.named(entities.agents.get(agentId)?.nlp);
  return createModerator({ nlpOf, guard, clock, logger });
}

async function makeGuard(options: LakeraGuardOptions): Promise<Check> {
  const { createLakeraGuard } = await import('../moderation/lakera-guard.ts');
  return createLakeraGuard(options);
}

/** Loaded only when asked for. */
export async function makeInspector({ inspectText }: Settings): Promise<Inspector> {
  const { createInspector } = await import('../telemetry/inspector.ts');
  return createInspector({ includeText: inspectText });
}

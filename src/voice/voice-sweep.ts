/** A session that became ready has no deadline any more, and LiveKit's word that it is over may be lost: old ones are swept for. */
import type { Clock } from '../session/clock.ts';
import { startSweeping } from '../session/sweeping.ts';
import type { VoiceHost, VoiceLogger } from './voice-host.ts';

type SweepOptions = {
  readonly host: Pick<VoiceHost, 'live'>;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: VoiceLogger;
  readonly stop: (sessionId: string) => Promise<unknown>;
};

/** Sweeps until stopped; `stop` resolves when nothing of it is left. */
export function startVoiceSweep({ host, ttlMs, clock, logger, stop }: SweepOptions) {
  return startSweeping({
    clock,
    spanMs: ttlMs,
    sweep: stopOld,
    onFailure: (error) =>
      logger.error({ err: error }, 'a sweep of voice sessions failed; the next one tries again'),
  });

  async function stopOld(): Promise<void> {
    const oldest = clock.now() - ttlMs;
    for (const [sessionId, { session }] of host.live) {
      const { status, readyAt } = session;
      if (status === 'ready' && readyAt !== null && readyAt <= oldest) await stop(sessionId);
    }
  }
}

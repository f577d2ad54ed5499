/** A session that became ready has no deadline any more, and LiveKit's word that it is over may be lost: old ones are swept for. */
import type { Clock } from '../session/clock.ts';
import type { VoiceHost, VoiceLogger } from './voice-host.ts';

type SweepOptions = {
  readonly host: Pick<VoiceHost, 'live'>;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: VoiceLogger;
  readonly stop: (sessionId: string) => Promise<unknown>;
};

const LONGEST_PAUSE_MS = 30_000;
const SHORTEST_PAUSE_MS = 100;

/** Sweeps until stopped; `stop` resolves when nothing of it is left. */
export function startVoiceSweep({ host, ttlMs, clock, logger, stop }: SweepOptions) {
  const ended = new AbortController();
  const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, ttlMs / 4));
  const done = sweepOn();
  return {
    stop(): Promise<void> {
      ended.abort(new Error('The sweep is stopped.'));
      return done;
    },
  };

  async function sweepOn(): Promise<void> {
    for (;;) {
      try {
        await clock.waitUntil(clock.now() + pauseMs, ended.signal);
      } catch {
        return;
      }
      try {
        await stopOld();
      } catch (error) {
        logger.error({ err: error }, 'a sweep of voice sessions failed; the next one tries again');
      }
    }
  }

  async function stopOld(): Promise<void> {
    const oldest = clock.now() - ttlMs;
    for (const [sessionId, { session }] of host.live) {
      const { status, readyAt } = session;
      if (status === 'ready' && readyAt !== null && readyAt <= oldest) await stop(sessionId);
    }
  }
}

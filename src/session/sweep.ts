/**
 * Long spans are swept for, not timed one by one: quiet sessions leave memory, forgotten ones are stopped, and a session whose
 * actor was dropped in mid-turn (after a failed commit) comes back.
 */
import type { Log } from '../event-log/event-log.ts';
import type { Clock } from './clock.ts';
import type { SessionHost, SessionLogger } from './session-host.ts';
import { startSweeping } from './sweeping.ts';

type SweepOptions = {
  readonly log: Log;
  readonly host: SessionHost;
  readonly limits: { readonly idleAfterMs: number; readonly sessionTtlMs: number };
  readonly clock: Clock;
  readonly logger: SessionLogger;
  readonly stop: (sessionId: string, reason: string) => Promise<unknown>;
  readonly resume: () => Promise<number>;
};

/** Sweeps until stopped. `stop` resolves when nothing of it is left. */
export function startSweep({ log, host, limits, clock, logger, stop, resume }: SweepOptions) {
  return startSweeping({
    clock,
    spanMs: Math.min(limits.idleAfterMs, limits.sessionTtlMs),
    async sweep(ended) {
      await stopForgotten(ended);
      passivateQuiet();
      await resume();
    },
    onFailure: (error) =>
      logger.error({ err: error }, 'a sweep of sessions failed; the next one tries again'),
  });

  async function stopForgotten(ended: AbortSignal): Promise<void> {
    const inactiveSince = new Date(clock.now() - limits.sessionTtlMs).toISOString();
    for (let before = Infinity; !ended.aborted;) {
      const { items, totalCount } = await log.listSessions({
        lifecycle: 'POLLING',
        inactiveSince,
        limit: 100,
      });
      // Those that could not be stopped wait for the next sweep.
      if (items.length === 0 || totalCount >= before) return;
      before = totalCount;
      for (const { id } of items) {
        if (host.live.get(id)?.isBusy) continue;
        await stop(id, 'SESSION_TTL');
        if (log.followers(id) === 0) host.drop(id);
      }
    }
  }

  function passivateQuiet(): void {
    const quietSince = clock.now() - limits.idleAfterMs;
    for (const [sessionId, live] of host.live)
      if (!live.isBusy && !live.isPolling && live.activeAt <= quietSince && log.followers(sessionId) === 0)
        host.drop(sessionId);
  }
}

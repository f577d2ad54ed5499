/** How long what is due has to wait, because something else keeps the process busy: the worst of the last five minutes. */
import type { HealthStatus } from './health-status.ts';

/** A timer that measures itself. (Node's own histogram of delays is blind for an interval after each reset.) */
const intervalMs = 100;
const windowMs = 300_000;
/** Of the window: what is forgotten at a time. */
const partMs = 30_000;

const degradedMs = 200;
const unhealthyMs = 500;

export type EventLoopHealth = { readonly status: HealthStatus; readonly peakMs: number };

export interface EventLoopWatch {
  health(): EventLoopHealth;
  close(): void;
}

/** Ten ticks a second, of some microseconds each; holds no process open. */
export function watchEventLoop(): EventLoopWatch {
  /** The worst of each part, the newest last. */
  let peaks: readonly number[] = [0];
  let partBegan = performance.now();
  let last = partBegan;

  function look(): void {
    const now = performance.now();
    const late = Math.max(0, now - last - intervalMs, peaks.at(-1) ?? 0);
    peaks = [...peaks.slice(0, -1), late];
    last = now;
    if (now - partBegan < partMs) return;
    partBegan = now;
    peaks = [...peaks, 0].slice(-windowMs / partMs);
  }

  const timer = setInterval(look, intervalMs);
  timer.unref();

  return {
    health() {
      // Whoever asks during a delay is told of it.
      const peakMs = Math.round(Math.max(performance.now() - last - intervalMs, ...peaks) * 1_000) / 1_000;
      return { status: judgeDelay(peakMs), peakMs };
    },
    close: () => clearInterval(timer),
  };
}

/** Milliseconds. */
export function judgeDelay(peakMs: number): HealthStatus {
  if (peakMs >= unhealthyMs) return 'unhealthy';
  return peakMs >= degradedMs ? 'degraded' : 'healthy';
}

/** How listening to upstream servers goes, per server, for `GET /metrics`. Single failures are counted here and nowhere else. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { UpstreamMonitor } from '../session/upstream-options.ts';

export function createUpstreamMetrics(registers: Registry[]): UpstreamMonitor {
  const inFlight = new Gauge({
    name: 'colloquy_upstream_polls_in_flight',
    help: 'Long-polls that wait for an answer.',
    labelNames: ['upstream'],
    registers,
  });
  const polls = new Counter({
    name: 'colloquy_upstream_polls_total',
    help: 'Long-polls ended, by outcome: events, timeout, or the code of the failure.',
    labelNames: ['upstream', 'outcome'],
    registers,
  });
  const lag = new Histogram({
    name: 'colloquy_upstream_lag_seconds',
    help: 'Time from the making of an event upstream to its being stored here.',
    labelNames: ['upstream'],
    buckets: [0.05, 0.25, 1, 5, 30, 300],
    registers,
  });
  const lastSuccess = new Gauge({
    name: 'colloquy_upstream_last_success_timestamp_seconds',
    help: 'When a long-poll last ended well (time since then: time() minus this).',
    labelNames: ['upstream'],
    registers,
  });
  return {
    pollStarted: (upstream) => inFlight.inc({ upstream }),
    pollEnded(upstream, outcome) {
      inFlight.dec({ upstream });
      polls.inc({ upstream, outcome });
      if (outcome === 'events' || outcome === 'timeout') lastSuccess.setToCurrentTime({ upstream });
    },
    received: (upstream, lagMs) => lag.observe({ upstream }, lagMs / 1000),
  };
}

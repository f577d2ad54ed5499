/** Measurements for OpenTelemetry: histograms in milliseconds, and counters, by the names that the engine gives them. */
import { type Counter, createNoopMeter, type Histogram, metrics } from '@opentelemetry/api';
import type { Measures } from './telemetry.ts';

/** None where nobody takes measurements. */
export function openMeter(): readonly Measures[] {
  const meter = metrics.getMeter('colloquy');
  if (meter === createNoopMeter()) return [];
  const histograms = new Map<string, Histogram>();
  const counters = new Map<string, Counter>();
  return [
    {
      duration(name, ms, attributes) {
        const known = histograms.get(name) ?? meter.createHistogram(name, { unit: 'ms' });
        histograms.set(name, known);
        known.record(ms, attributes);
      },
      count(name, amount, attributes) {
        const known = counters.get(name) ?? meter.createCounter(name);
        counters.set(name, known);
        known.add(amount, attributes);
      },
    },
  ];
}

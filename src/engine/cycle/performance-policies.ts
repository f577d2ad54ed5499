/** How customers are kept company while an agent works: three manners. A program may bring its own (`PerformancePolicy`). */
import type { PerformancePolicy } from '../extensions.ts';
import { isPreambleRequired } from './preamble-decision.ts';

/** Pauses as a person would make them, at random. `random`: from 0 up to 1. */
export function createBasicPolicy(random: () => number = Math.random): PerformancePolicy {
  const between = (atLeastMs: number, atMostMs: number) => (): number =>
    atLeastMs + random() * (atMostMs - atLeastMs);
  return {
    preambleDelayMs: between(1_500, 2_000),
    processingDelayMs: between(1_000, 2_000),
    extendedDelayMs: between(3_500, 5_000),
    followUpDelayMs: between(500, 1_500),
    isPreambleRequired,
    splitsMessages: true,
  };
}

/** No pauses and no words but the answer. */
export const nullPolicy: PerformancePolicy = {
  preambleDelayMs: () => 0,
  processingDelayMs: () => 0,
  extendedDelayMs: () => null,
  followUpDelayMs: () => 0,
  isPreambleRequired: () => false,
  splitsMessages: false,
};

/** On the phone silence is worse than any words. */
export const voicePolicy: PerformancePolicy = { ...nullPolicy, isPreambleRequired: () => true };

import { afterEach, describe, expect, it } from 'vitest';
import { createHealth } from '../../src/telemetry/health.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

function healthAfter(outcomes: readonly string[], name: 'gen' | 'stream' = 'gen') {
  const health = createHealth();
  closing.push(() => health.close());
  for (const outcome of outcomes)
    health.measures.duration(name, 10, { 'schema.name': 'actionable', 'model.name': 'm', outcome });
  return health.snapshot().checks.nlp;
}

describe('the health of language models', () => {
  it('is good where they answer, and bad where they fail', () => {
    expect(healthAfter(Array.from({ length: 20 }, () => 'completed'))).toMatchObject({ status: 'healthy' });
    expect(healthAfter(['completed', 'failed'])).toMatchObject({
      status: 'unhealthy',
      questions: { actionable: { sampleCount: 2, successRate: 0.5 } },
    });
  });

  it.each(['gen', 'stream'] as const)('does not suffer from what nobody waits for any more (%s)', (name) => {
    expect(healthAfter(['completed', 'cancelled', 'cancelled'], name)).toMatchObject({
      status: 'healthy',
      sampleCount: 1,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { engineHealth } from '../../src/telemetry/engine-health.ts';
import { createReports } from '../../src/telemetry/reports.ts';
import { createRollingCounter } from '../../src/telemetry/rolling-counter.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly turns: readonly { readonly success: boolean; readonly latencyMs: number }[];
  readonly expected: {
    readonly status: string;
    readonly successRate: number;
    readonly p50: number;
    readonly p95: number;
    readonly recentErrors: Readonly<Record<string, number>>;
  };
};

const cases = readVectors<Case>('infrastructure', 'engine-health-status');

describe('the health of the engine, as recorded', () => {
  it.each(cases.map((each) => [each.id, each.title, each] as const))(
    '%s: %s',
    (_id, _title, { turns, expected }) => {
      const now = () => 0;
      const reports = createReports({ now });
      for (const turn of turns)
        reports.add('engine.turn', { ...turn, ...(!turn.success && { errorClass: 'E' }) });
      const health = engineHealth({ reports, turns: createRollingCounter({ now }) });
      expect({ ...health, successRate: Number(health.successRate.toFixed(4)) }).toMatchObject(expected);
      expect(health.recentErrors).toEqual(expected.recentErrors);
    },
  );
});

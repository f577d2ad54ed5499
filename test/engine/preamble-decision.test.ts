import { expect, it } from 'vitest';
import { createBasicPolicy, nullPolicy, voicePolicy } from '../../src/engine/cycle/performance-policies.ts';
import type { PerformancePolicy } from '../../src/engine/extensions.ts';
import type { EventKind, EventSource, SessionEvent } from '../../src/event-log/event.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly events: readonly {
    readonly offset: number;
    readonly source: EventSource;
    readonly kind: EventKind;
    readonly atSeconds: number;
    readonly tags?: readonly string[];
  }[];
  readonly expected: Readonly<Record<'basic' | 'null' | 'voice', boolean>>;
};

it.each(readVectors<Case>('engine-cycle', 'preamble-decision'))('$id $title', ({ events, expected }) => {
  const session = events.map(toEvent);
  const policies = { basic: createBasicPolicy(), null: nullPolicy, voice: voicePolicy };
  const decided = Object.entries(policies).map(([name, policy]) => [
    name,
    policy.isPreambleRequired(session),
  ]);
  expect(Object.fromEntries(decided)).toEqual(expected);
});

it('pauses as a person would, between two bounds', () => {
  expect(pausesOf(createBasicPolicy(() => 0))).toEqual([1_500, 1_000, 3_500, 500]);
  expect(pausesOf(createBasicPolicy(() => 1))).toEqual([2_000, 2_000, 5_000, 1_500]);
});

it('does not pause where nobody would see it', () => {
  expect(pausesOf(nullPolicy)).toEqual([0, 0, null, 0]);
  expect(pausesOf(voicePolicy)).toEqual([0, 0, null, 0]);
});

function pausesOf(policy: PerformancePolicy): readonly (number | null)[] {
  return [
    policy.preambleDelayMs(),
    policy.processingDelayMs(),
    policy.extendedDelayMs(),
    policy.followUpDelayMs(),
  ];
}

function toEvent({ atSeconds, tags, ...event }: Case['events'][number]): SessionEvent {
  return {
    ...event,
    id: `e${event.offset}`,
    creation_utc: new Date(Date.UTC(2026, 0, 1) + atSeconds * 1_000).toISOString(),
    trace_id: 't',
    correlation_id: 't',
    data: { message: 'hello', participant: { id: null, display_name: 'somebody' }, ...(tags && { tags }) },
    metadata: {},
    deleted: false,
  };
}

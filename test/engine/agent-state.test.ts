import { describe, expect, it } from 'vitest';
import { readAgentState, toStateMetadata } from '../../src/engine/cycle/agent-state.ts';
import { type EventDraft, statusDraft } from '../../src/event-log/event.ts';
import { createHeldAgent, startRuntime } from '../support/runtime.ts';

const remembered = { appliedGuidelineIds: ['g'], journeyPaths: { j: ['1', null] } };

/** Turns that came to nothing: what each has told. */
function givenUp(count: number): readonly EventDraft[] {
  return Array.from({ length: count }, (_, at) => statusDraft(`turn ${at}`, 'cancelled'));
}

describe('what an agent remembers of a session', () => {
  it.each([0, 39, 40, 41, 5_000])(
    'is what the last finished turn left, also %i events ago, and not all of them are read at once',
    async (count) => {
      await using runtime = await startRuntime([createHeldAgent().agent]);
      const id = await runtime.session();
      const ready = statusDraft('finished', 'ready', { stage: 'completed' });
      const finished = { ...ready, metadata: toStateMetadata(remembered) };
      await runtime.log.append(id, [...givenUp(3), finished, ...givenUp(count)]);
      const sizes: number[] = [];
      const read: typeof runtime.log.read = async (...asked) => {
        const events = await runtime.log.read(...asked);
        sizes.push(events.length);
        return events;
      };
      expect(await readAgentState({ read }, id)).toEqual(remembered);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(2_560);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(count + 4);
    },
  );

  it.each([0, 40, 5_000])('is nothing where no turn was finished, of %i events', async (count) => {
    await using runtime = await startRuntime([createHeldAgent().agent]);
    const id = await runtime.session();
    await runtime.log.append(id, givenUp(count));
    expect(await readAgentState(runtime.log, id)).toEqual({ appliedGuidelineIds: [], journeyPaths: {} });
  });

  it.each([{ agent_state: 'spoilt' }, { agent_state: { applied_guideline_ids: 'g', journey_paths: [] } }])(
    'does without what somebody has spoilt: %j',
    async (metadata) => {
      await using runtime = await startRuntime([createHeldAgent().agent]);
      const id = await runtime.session();
      const ready = statusDraft('finished', 'ready', { stage: 'completed' });
      await runtime.log.append(id, [{ ...ready, metadata }]);
      expect(await readAgentState(runtime.log, id)).toEqual({ appliedGuidelineIds: [], journeyPaths: {} });
    },
  );
});

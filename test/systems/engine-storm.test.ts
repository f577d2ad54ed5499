/**
 * A customer who does not wait: fifty messages in quick succession, while the agent leads through a journey. The last one is answered, every
 * turn is closed once, and the agent remembers the turns that it finished, and no other.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import { isFinalReady, type JsonObject, type SessionEvent, statusOf } from '../../src/event-log/event.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import type { JourneyState } from '../../src/sdk/transition-options.ts';
import { type EngineServer, startEngine, toldIn } from '../support/engine-server.ts';
import { createHeldClock } from '../support/held-agent.ts';
import { createRandom } from '../support/random.ts';

const messages = 50;

/** An agent with one journey of so many steps that it never comes to its end, and of which every turn takes one. */
function writeAgent(server: DefinedServer): void {
  const policy = { ...nullPolicy, splitsMessages: true };
  const agent = server.createAgent({ id: 'ada', name: 'Ada', performancePolicy: policy });
  agent.createGuideline({ id: 'once', condition: 'The customer talks', action: 'Be kind' });
  const journey = agent.createJourney({
    id: 'way',
    title: 'A long way',
    description: 'Goes on and on',
    conditions: ['The customer goes on'],
  });
  let state: JourneyState = journey.initialState;
  for (let n = 0; n <= messages; n++) {
    state = state.transitionTo({ id: `step-${n}`, chatState: `Say ${n}` }).target;
  }
}

/** A model that takes a moment for each question, not always the same, and lets the journey go on. */
function slowModel(seed: number) {
  const random = createRandom(seed);
  return {
    onAsk: () => delay(random() * 4),
    script: {
      next_step: [{ continues: true, currentCompleted: true, choice: '1' }],
      backtrack_check: [{ requiresBacktracking: false }],
      canned_draft: [{ body: 'One.\n\nTwo.' }],
      response_analysis: ({ guidelines }: { readonly guidelines: readonly { readonly n: string }[] }) => ({
        checks: guidelines.map(({ n }) => ({ n, applied: true })),
      }),
      previously_applied: ({ guidelines }: { readonly guidelines: readonly { readonly n: string }[] }) => ({
        checks: guidelines.map(({ n }) => ({ n, conditionMetAgain: false, shouldReapply: false })),
      }),
    },
  };
}

type Manner = readonly [string, (engine: EngineServer, id: string) => Promise<void>];

const manners: readonly Manner[] = [
  [
    'all at once',
    async (engine, id) => {
      await Promise.all(Array.from({ length: messages }, (_, n) => engine.say(id, `message ${n}`)));
    },
  ],
  [
    'each as soon as the one before is taken',
    async (engine, id) => {
      for (let n = 0; n < messages; n++) await engine.say(id, `message ${n}`);
    },
  ],
  [
    'now and then with a moment between them',
    async (engine, id) => {
      const random = createRandom(7);
      for (let n = 0; n < messages; n++) {
        await engine.say(id, `message ${n}`);
        if (random() < 0.3) await delay(random() * 120);
      }
    },
  ],
];

describe('fifty messages', () => {
  it.each(manners)('%s', async (_manner, say) => {
    const clock = createHeldClock((signal) => delay(5, undefined, { signal }));
    await using engine = await startEngine(writeAgent, { model: slowModel(1), clock });
    const id = await engine.session('ada');
    await say(engine, id);
    const before = await engine.events(id);
    const last = before.findLast(({ source }) => source === 'customer');
    await engine.over(id, last?.trace_id ?? '');
    // Behind what is still looked into.
    await engine.turn(id, 'the end');
    await engine.turn(id, 'really');
    const events = await engine.events(id);
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, at) => at));
    const turns = [...Map.groupBy(events, ({ trace_id: of }) => of).values()];
    expect(turns).toHaveLength(messages + 2);
    for (const turn of turns) expectSound(turn);
    expect(answersIn(turns.find(([message]) => message?.id === last?.id) ?? [])).toHaveLength(2);
    expectRemembered(events);
  });
});

/** It ends once, and is answered in full, or given up without a word. */
function expectSound(turn: readonly SessionEvent[]): void {
  expect(turn.filter(isFinalReady)).toHaveLength(1);
  expect(turn.at(-1)).toSatisfy(isFinalReady);
  const isCancelled = turn.some((event) => statusOf(event) === 'cancelled');
  expect(answersIn(turn)).toEqual(isCancelled ? [] : ['agent: One.', 'agent: Two.']);
  expect(toldIn(turn).filter((told) => told === 'acknowledged').length).toBeLessThanOrEqual(1);
}

function answersIn(turn: readonly SessionEvent[]): readonly string[] {
  return toldIn(turn).filter((told) => told.startsWith('agent'));
}

/** Each turn that was finished has taken the journey one step on from the one finished before; what was followed stays so. */
function expectRemembered(events: readonly SessionEvent[]): void {
  const finished = events.filter((event) => isFinalReady(event) && 'agent_state' in event.metadata);
  const states = finished.map(({ metadata }) => metadata['agent_state'] as JsonObject); // as the engine writes it
  const paths = states.map(({ journey_paths: paths }) => (paths as { readonly way: readonly string[] }).way);
  expect(paths.length).toBeGreaterThanOrEqual(3);
  expect(paths).toEqual(paths.map((_, at) => paths.at(-1)?.slice(0, (paths[0]?.length ?? 0) + at)));
  expect(states.map(({ applied_guideline_ids: ids }) => ids)).toEqual(states.map(() => ['once']));
}

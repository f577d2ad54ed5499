import { describe, expect, it } from 'vitest';
import type { KnownJourney } from '../../src/engine/agent-knowledge.ts';
import type { EngineGuideline } from '../../src/engine/guideline.ts';
import { projectJourney } from '../../src/engine/journeys/projection.ts';
import { createGuidelineMatcher } from '../../src/engine/matching/guideline-matcher.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import { systemClock } from '../../src/session/clock.ts';
import { composerTurn, createScriptedNlp, type Script, type TurnGiven } from '../support/composer.ts';
import { engineGuideline, engineJourney } from '../support/engine-entities.ts';
import { chain, storedJourney } from '../support/journeys.ts';

const steps = projectJourney(chain(3));

describe('a journey that is active', () => {
  it('begins with the first step, and says how it came there', async () => {
    const { matches, inputs } = await match({ script: { next_step: [{ continues: true, choice: '0' }] } });
    expect(matches).toMatchObject([
      { guideline: { id: 'journey_node:a1:e1' }, score: 10, journeyPath: ['2'] },
    ]);
    expect(inputs).toMatchObject([
      {
        journey: {
          id: 'j1',
          title: 'Order a card',
          description: 'how to order',
          triggers: ['the customer wants a card'],
        },
        current: { index: '2', action: 'action of a1' },
        isBeginning: true,
        transitions: [{ n: '1', path: ['3'], action: 'action of a2' }],
      },
    ]);
  });

  it('goes on from where this turn has left it', async () => {
    const { matches, asked } = await match({
      turn: { journeyPaths: { j1: ['2'] } },
      script: {
        next_step: [{ continues: true, choice: '1' }],
        backtrack_check: [{ requiresBacktracking: false }],
      },
    });
    expect(asked.toSorted()).toEqual(['backtrack_check', 'next_step']);
    expect(matches).toMatchObject([{ guideline: { id: 'journey_node:a2:e2' }, journeyPath: ['2', '3'] }]);
  });

  it('goes back, with all its steps and the way so far to choose from', async () => {
    const { matches, inputs } = await match({
      turn: { journeyPaths: { j1: ['2', '3'] } },
      script: {
        next_step: [{ continues: true, choice: '0' }],
        backtrack_check: [{ requiresBacktracking: true }],
        backtrack_selection: [{ advancement: [{ id: '2', completed: false }], nextStep: '2' }],
      },
    });
    expect(matches).toMatchObject([
      { guideline: { id: 'journey_node:a1:e1' }, journeyPath: ['2', '3', '2'] },
    ]);
    expect(inputs.at(-1)).toMatchObject({
      previousPath: ['2', '3'],
      steps: [{ index: '2' }, { index: '3' }, { index: '4' }],
    });
  });

  it('asks nothing where a tool has run and only one step comes after it', async () => {
    const withTool = projectJourney(
      storedJourney({
        nodes: [{ id: 'root' }, { id: 't', tools: ['s:t'] }, { id: 'b', action: 'tell' }],
        edges: [
          { id: 'e1', source: 'root', target: 't' },
          { id: 'e2', source: 't', target: 'b' },
        ],
      }),
    );
    const result = {
      data: 1,
      metadata: {},
      control: {},
      cannedResponses: [],
      cannedResponseFields: {},
      guidelines: [],
    };
    const { matches, asked } = await match({
      steps: withTool,
      turn: { journeyPaths: { j1: ['2'] }, staged: [{ toolId: 's:t', arguments: {}, result }] },
    });
    expect(asked).toEqual([]);
    expect(matches).toMatchObject([{ guideline: { id: 'journey_node:b:e2' }, journeyPath: ['2', '3'] }]);
  });

  it('gives nothing where it was left and nobody wants it back', async () => {
    const { matches } = await match({
      turn: { journeyPaths: { j1: ['2', null] } },
      script: { backtrack_check: [{ requiresBacktracking: false }] },
    });
    expect(matches).toEqual([]);
  });

  it('is asked about like everything else: again where it failed', async () => {
    const { matches, asked } = await match({
      script: { next_step: [new Error('no answer'), { continues: true, choice: '0' }] },
    });
    expect(asked).toEqual(['next_step', 'next_step']);
    expect(matches).toHaveLength(1);
  });
});

it('steps of a journey that is not active are left out', async () => {
  expect(await match({ activeJourneys: [] })).toMatchObject({ matches: [], asked: [] });
});

it('a journey may be called anything, also what objects have by themselves', async () => {
  const { matches } = await match({
    journeyId: 'constructor',
    steps: projectJourney({ ...chain(2), journey: { id: 'constructor', rootId: 'root', tags: [] } }),
    script: { next_step: [{ continues: true, choice: '0' }] },
  });
  expect(matches).toMatchObject([{ journeyPath: ['2'] }]);
});

async function match({
  journeyId = 'j1',
  steps: projected = steps,
  activeJourneys = [journeyId],
  turn = {},
  script = {},
}: {
  readonly journeyId?: string;
  readonly steps?: readonly EngineGuideline[];
  readonly activeJourneys?: readonly string[];
  readonly turn?: TurnGiven;
  readonly script?: Script;
}) {
  const nlp = createScriptedNlp(script);
  const matcher = createGuidelineMatcher({ nlp, clock: systemClock });
  const matches = await matcher.match(withJourney(composerTurn(turn), journeyId, projected), {
    guidelines: projected,
    activeJourneys,
  });
  return {
    matches,
    asked: nlp.asked.map(({ question }) => question),
    inputs: nlp.asked.map(({ input }) => input),
  };
}

function withJourney(
  turn: TurnContext,
  journeyId: string,
  projected: readonly EngineGuideline[],
): TurnContext {
  const trigger = engineGuideline('g', { condition: 'the customer wants a card', action: null });
  const journey: KnownJourney = {
    ...engineJourney(journeyId, { triggers: ['g'] }),
    title: 'Order a card',
    description: 'how to order',
    compositionMode: null,
    labels: [],
    steps: projected,
  };
  return {
    ...turn,
    knowledge: { ...turn.knowledge, guidelines: [trigger, ...projected], journeys: [journey] },
  };
}

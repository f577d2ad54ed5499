import { describe, expect, it } from 'vitest';
import type { JourneyPath } from '../../src/engine/guideline.ts';
import { planNextStep, takeNextStep } from '../../src/engine/journeys/next-step.ts';
import { createReach } from '../../src/engine/journeys/reachable-steps.ts';
import { chain, graphOf, storedJourney, vectorGraph, type NodeVector } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly nodes: readonly NodeVector[];
  readonly previousPath: JourneyPath;
  readonly modelChoice: string;
  readonly expected: {
    readonly matches: readonly { readonly node: string; readonly journeyPath: JourneyPath }[];
  };
};

describe('the step that a model chooses', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-next-step'))(
    '$id $title',
    ({ nodes, previousPath, modelChoice, expected }) => {
      const graph = vectorGraph(nodes);
      const plan = planNextStep({ graph, previousPath, reach: createReach(graph) });
      const match = takeNextStep(plan, { continues: true, choice: modelChoice });
      const matches =
        match === undefined ? [] : [{ node: match.guideline.id, journeyPath: match.journeyPath }];
      expect(matches).toEqual(expected.matches);
    },
  );

  it('is shown what can be gone to, numbered, and when', () => {
    const graph = graphOf(chain(3, customerGives));
    const { question } = planNextStep({ graph, previousPath: ['2'], reach: createReach(graph) });
    expect(question.isBeginning).toBe(false);
    expect(question.current).toMatchObject({ index: '2', kind: 'chat', action: 'action of a1' });
    expect(question.transitions).toEqual([
      { n: '1', condition: 'this is done: "action of a1"', path: ['3'], action: 'action of a2' },
      {
        n: '2',
        condition: 'this is done: "action of a1", and this is done: "action of a2"',
        path: ['3', '4'],
        action: 'action of a3',
      },
      {
        n: '3',
        condition:
          'this is done: "action of a1", and this is done: "action of a2", and this is done: "action of a3"',
        path: ['3', '4', 'None'],
        action: null,
      },
    ]);
  });

  it('no choice at all ends the journey', () => {
    const graph = graphOf(chain(2));
    const plan = planNextStep({ graph, previousPath: ['2'], reach: createReach(graph) });
    const match = takeNextStep(plan, {
      continues: false,
      choice: null,
      rationale: 'They want something else.',
    });
    expect(match).toMatchObject({
      guideline: { id: 'journey_node:root' },
      journeyPath: ['2', null],
      rationale: 'They want something else.',
    });
  });

  it('a step that runs tools is gone to even where no words say what it does', () => {
    const graph = graphOf(
      storedJourney({
        nodes: [{ id: 'root' }, { id: 'a', action: 'ask' }, { id: 'tool', tools: ['s:t'] }],
        edges: [
          { id: 'e1', source: 'root', target: 'a' },
          { id: 'e2', source: 'a', target: 'tool' },
        ],
      }),
    );
    const plan = planNextStep({ graph, previousPath: ['2'], reach: createReach(graph) });
    expect(plan.question.transitions.map(({ path }) => path)).toEqual([['3']]);
    expect(takeNextStep(plan, { continues: true, choice: '1' })?.journeyPath).toEqual(['2', '3']);
  });
});

const customerGives = {
  metadata: { customer_dependent_action_data: { is_customer_dependent: true, customer_action: 'told it' } },
};

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuidelineMatch, JourneyPath } from '../../src/engine/guideline.ts';
import { createReach } from '../../src/engine/journeys/reachable-steps.ts';
import { selectStep, type StepQuestions } from '../../src/engine/journeys/step-selection.ts';
import type { JourneyGraph } from '../../src/engine/journeys/journey-graph.ts';
import { chain, graphOf, vectorGraph, storedJourney, type NodeVector } from '../support/journeys.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly nodes: readonly NodeVector[];
  readonly previousPath: JourneyPath;
  readonly stagedTools: readonly string[];
  readonly backtrackCheck: { readonly requires: boolean; readonly sameProcess: boolean };
  readonly expected: {
    readonly used: readonly string[];
    readonly resultFrom: string;
    readonly node?: string;
  };
};

describe('the questions about a journey, in order', () => {
  it.each(readVectors<Case>('journey-navigation', 'journey-procedure'))(
    '$id $title',
    async ({ nodes, previousPath, stagedTools, backtrackCheck, expected }) => {
      const model = scriptedModel({
        backtrackCheck: {
          requiresBacktracking: backtrackCheck.requires,
          sameProcess: backtrackCheck.sameProcess,
        },
      });
      const { by, match } = await select(vectorGraph(nodes), { previousPath, stagedTools, questions: model });
      expect([...model.asked].toSorted()).toEqual(expected.used);
      expect(by).toBe(expected.resultFrom);
      expect([undefined, match?.guideline.id]).toContain(expected.node);
    },
  );

  it('the next step is given up as soon as it is known that one goes back', async () => {
    const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<string>();
    const model = scriptedModel({ backtrackCheck: { requiresBacktracking: true } });
    const questions: StepQuestions = {
      ...model,
      nextStep: (_plan, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            giveUp('given up');
            reject(new Error('aborted'));
          });
        }),
    };
    const { by } = await select(graphOf(chain(3)), { previousPath: ['2', '3'], questions });
    expect([by, await givenUp]).toEqual(['backtrack-selection', 'given up']);
  });

  it('both questions are asked before either is answered', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const model = scriptedModel({});
    const questions: StepQuestions = {
      ...model,
      nextStep: (plan, signal) => {
        ask();
        return model.nextStep(plan, signal);
      },
      backtrackCheck: async () => {
        await asked;
        return { requiresBacktracking: false };
      },
    };
    const { by } = await select(graphOf(chain(3)), { previousPath: ['2'], questions });
    expect(by).toBe('next-step');
  });

  it('a question that fails fails the choice, and takes the other one with it', async () => {
    const signals: AbortSignal[] = [];
    const questions: StepQuestions = {
      ...scriptedModel({}),
      nextStep: (_plan, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
      backtrackCheck: () => Promise.reject(new Error('no answer')),
    };
    await expect(select(graphOf(chain(3)), { previousPath: ['2'], questions })).rejects.toThrow('no answer');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('when the turn is cancelled, what is being asked is no longer wanted', async () => {
    const turn = new AbortController();
    const signals: AbortSignal[] = [];
    const hangs = (_plan: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signals.push(signal);
        signal.addEventListener('abort', () => reject(new Error('cancelled')));
      });
    const questions = { nextStep: hangs, backtrackCheck: hangs, backtrackSelection: hangs };
    const selection = select(graphOf(chain(3)), { previousPath: ['2'], questions, signal: turn.signal });
    turn.abort();
    await expect(selection).rejects.toThrow('cancelled');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('a journey that was changed since begins anew where its path leads through steps that are gone', async () => {
    const model = scriptedModel({});
    const { match } = await select(graphOf(chain(2)), { previousPath: ['2', '9'], questions: model });
    expect([...model.asked]).toEqual(['next-step']);
    expect(match?.journeyPath).toEqual(['2']);
  });

  it('going back, the match stands for where the checked way ends, not for what the model says is next', async () => {
    const stored = storedJourney({
      nodes: [
        { id: 'root' },
        { id: 'a', action: 'ask' },
        { id: 't', action: 'look it up', tools: ['s:t'] },
        { id: 'b', action: 'tell' },
      ],
      edges: [
        { id: 'e1', source: 'root', target: 'a' },
        { id: 'e2', source: 'a', target: 't' },
        { id: 'e3', source: 't', target: 'b' },
      ],
    });
    const model = scriptedModel({
      backtrackCheck: { requiresBacktracking: true },
      selection: {
        advancement: [
          { id: '2', completed: true },
          { id: '3', completed: true },
        ],
        nextStep: '4',
      },
    });
    const { match } = await select(graphOf(stored), { previousPath: ['2', '3', '4'], questions: model });
    expect(match).toMatchObject({
      guideline: { id: 'journey_node:t:e2' },
      journeyPath: ['2', '3', '4', '2', '3'],
    });
  });

  it('going back to nothing that is there leaves the journey', async () => {
    const model = scriptedModel({
      backtrackCheck: { requiresBacktracking: true },
      selection: { advancement: [], nextStep: 'None' },
    });
    const { match } = await select(graphOf(chain(2)), { previousPath: ['2', '3'], questions: model });
    expect(match).toMatchObject({ guideline: { id: 'journey_node:root' }, journeyPath: ['2', '3', null] });
  });

  it('whatever a model answers, a path only grows at its end, or begins again', async () => {
    const graph = graphOf(
      storedJourney({
        nodes: ['root', 'a', 'b', 'c', 'd'].map((id) => ({
          id,
          action: id === 'root' || id === 'c' ? null : `do ${id}`,
          ...(id === 'b' && { tools: ['s:t'] }),
        })),
        edges: [
          ['root', 'a'],
          ['a', 'b'],
          ['b', 'c'],
          ['c', 'd'],
          ['c', 'a'],
          ['d', 'end'],
        ].map(([source = '', target = ''], at) => ({ id: `e${at}`, source, target })),
      }),
    );
    const index = fc.constantFrom('1', '2', '3', '4', '5', '6', '7', 'None', '', 'x');
    const path = fc.array(fc.constantFrom('1', '2', '3', '4', '5', '6', null), { maxLength: 6 });
    const turn = fc.record({
      previousPath: path,
      stagedTools: fc.constantFrom([], ['s:t']),
      choice: fc.option(index),
      requiresBacktracking: fc.boolean(),
      sameProcess: fc.option(fc.boolean()),
      advancement: fc.array(index, { maxLength: 5 }),
      nextStep: index,
    });
    await fc.assert(
      fc.asyncProperty(turn, async ({ previousPath, stagedTools, advancement, ...answers }) => {
        const questions = scriptedModel({
          choice: answers.choice,
          backtrackCheck: answers,
          selection: {
            advancement: advancement.map((id) => ({ id, completed: true })),
            nextStep: answers.nextStep,
            requiresBacktracking: answers.requiresBacktracking,
          },
        });
        const { by, match } = await select(graph, { previousPath, stagedTools, questions });
        if (match === undefined) return;
        expectWholePath(match, graph);
        const wasLeft = (previousPath.at(-1) ?? null) === null;
        const kept = wasLeft && by !== 'backtrack-selection' ? [] : previousPath;
        expect(match.journeyPath?.slice(0, kept.length)).toEqual(kept);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Every step of it is there, and the match stands for its end. */
function expectWholePath({ guideline, journeyPath = [] }: GuidelineMatch, graph: JourneyGraph): void {
  expect(journeyPath.filter((step) => step !== null && !graph.steps.has(step))).toEqual([]);
  const last = journeyPath.at(-1);
  expect(guideline.journeyNode?.index).toBe(last ?? '1');
}

type Script = {
  readonly choice?: string | null;
  readonly backtrackCheck?: { readonly requiresBacktracking: boolean; readonly sameProcess?: boolean | null };
  readonly selection?: {
    readonly advancement: { id: string; completed: boolean }[];
    readonly nextStep: string;
    readonly requiresBacktracking?: boolean;
  };
};

function scriptedModel({
  choice = '0',
  backtrackCheck = { requiresBacktracking: false },
  selection = { advancement: [], nextStep: '2' },
}: Script): StepQuestions & { readonly asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  return {
    asked,
    nextStep: async () => {
      asked.add('next-step');
      return { continues: true, choice };
    },
    backtrackCheck: async () => {
      asked.add('backtrack-check');
      return backtrackCheck;
    },
    backtrackSelection: async () => {
      asked.add('backtrack-selection');
      return selection;
    },
  };
}

function select(
  graph: JourneyGraph,
  {
    previousPath,
    stagedTools = [],
    questions,
    signal = new AbortController().signal,
  }: {
    readonly previousPath: JourneyPath;
    readonly stagedTools?: readonly string[];
    readonly questions: StepQuestions;
    readonly signal?: AbortSignal;
  },
) {
  const reach = createReach(graph);
  return selectStep({ graph, previousPath, stagedTools: new Set(stagedTools), reach, questions, signal });
}

/**
 * Which guidelines apply: all batches are asked about at the same time, and what comes of them is put together in the order of the
 * batches. How a question is asked again is in `../asking`, what is asked is in `match-batch.ts`.
 */
import type { NlpService } from '../../nlp/nlp.ts';
import type { Clock } from '../../session/clock.ts';
import { allOrNone } from '../asking/all-or-none.ts';
import type { EngineGuideline } from '../guideline.ts';
import type { GuidelineMatcher } from '../stages.ts';
import type { TurnContext } from '../turn-context.ts';
import { toAskedGuideline } from './asked-guideline.ts';
import { toBatches, type Batch } from './batches.ts';
import { askMatcher, matcherOf, type Matcher } from './custom-matchers.ts';
import { askBack } from './disambiguation.ts';
import { matchBatch } from './match-batch.ts';
import type { Outcome } from './outcome.ts';

export type GuidelineMatcherOptions = {
  readonly nlp: Pick<NlpService, 'ask' | 'name'>;
  /** For the pauses between tries. */
  readonly clock: Clock;
  /** Is told of matchers of the program's own that failed. */
  readonly logger?: { warn(facts: object, message: string): void };
};

/** Something to find out. */
type Task =
  | Batch
  | { readonly kind: 'matcher'; readonly guideline: EngineGuideline; readonly matcher: Matcher };

export function createGuidelineMatcher({ nlp, clock, logger }: GuidelineMatcherOptions): GuidelineMatcher {
  return {
    async match(turn, { guidelines, activeJourneys }) {
      const tasks = toTasks(guidelines, activeJourneys, turn);
      const outcomes = await allOrNone(tasks, {
        signal: turn.signal,
        work: (task, signal) =>
          task.kind === 'matcher' ? runMatcher(task, turn) : matchBatch(task, { nlp, clock, turn, signal }),
      });
      return askBack(
        outcomes.flatMap(({ matches }) => matches),
        outcomes.flatMap(({ ambiguity }) => ambiguity ?? []),
      );
    },
  };

  async function runMatcher(
    { guideline, matcher }: Extract<Task, { kind: 'matcher' }>,
    turn: TurnContext,
  ): Promise<Outcome> {
    const onFailure = (error: unknown) =>
      logger?.warn(
        { guidelineId: guideline.id, err: error },
        'a matcher failed: its guideline does not apply',
      );
    const match = await askMatcher(guideline, { matcher, turn, onFailure });
    return { matches: match ? [match] : [] };
  }
}

function toTasks(
  guidelines: readonly EngineGuideline[],
  activeJourneys: readonly string[],
  turn: TurnContext,
): readonly Task[] {
  const matchers = guidelines.flatMap((guideline) => {
    const matcher = matcherOf(guideline, turn);
    return matcher ? [{ kind: 'matcher' as const, guideline, matcher }] : [];
  });
  const silent = guidelines.filter(hasNoCondition);
  const batches = toBatches(guidelines, {
    appliedGuidelineIds: turn.state.appliedGuidelineIds,
    activeJourneys,
    relationships: turn.knowledge.relationships,
    unasked: new Set([...matchers.map(({ guideline }) => guideline.id), ...silent.map(({ id }) => id)]),
  });
  return [...batches, ...matchers];
}

/** Nothing says when it applies. A journey's step needs no condition: the one before it leads there. */
function hasNoCondition(guideline: EngineGuideline): boolean {
  return !guideline.journeyNode && toAskedGuideline(guideline, '').condition.trim() === '';
}

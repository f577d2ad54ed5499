/** JOURNEY STEP: which step of an active journey is next. The questions are put here, to whoever answers questions; `../journeys` decides. */
import type { ShownJourney } from '../../nlp/questions/journeys.ts';
import type { QuestionName, AnswerOf, QuestionInputs } from '../../nlp/questions/questions.ts';
import type { KnownJourney } from '../agent-knowledge.ts';
import { askForUsable } from '../asking/usable-answer.ts';
import type { EngineGuideline, GuidelineMatch } from '../guideline.ts';
import { toJourneyGraph, type JourneyGraph } from '../journeys/journey-graph.ts';
import { createReach, type Reach } from '../journeys/reachable-steps.ts';
import { selectStep, type StepQuestions } from '../journeys/step-selection.ts';
import type { TurnContext } from '../turn-context.ts';
import { toAskedGuideline } from './asked-guideline.ts';
import type { Batch } from './batches.ts';
import type { Asked } from './outcome.ts';

/** At most one. */
export async function selectJourneyStep(
  { journeyId }: Extract<Batch, { kind: 'journey_step' }>,
  { nlp, turn, signal }: Asked,
): Promise<readonly GuidelineMatch[]> {
  const journey = turn.knowledge.journeys.find(({ id }) => id === journeyId);
  if (!journey) return [];
  const { match } = await selectStep({
    ...lookInto(journey),
    previousPath: pathOf(turn, journeyId),
    stagedTools: new Set(turn.staged.map(({ toolId }) => toolId)),
    questions: createQuestions(show(journey, turn), { nlp, turn }),
    signal,
  });
  return match ? [match] : [];
}

function pathOf({ journeyPaths }: TurnContext, journeyId: string) {
  return (Object.hasOwn(journeyPaths, journeyId) ? journeyPaths[journeyId] : undefined) ?? [];
}

/** Each answer is used as it is: whatever it says means something. */
function createQuestions(journey: ShownJourney, { nlp, turn }: Pick<Asked, 'nlp' | 'turn'>): StepQuestions {
  const shown = { situation: turn.situation, journey };
  const ask = <Name extends QuestionName>(
    question: Name,
    input: QuestionInputs[Name],
    signal: AbortSignal,
  ): Promise<AnswerOf<Name>> => askForUsable(nlp, { question, input, take: (answer) => answer, signal });
  return {
    nextStep: (plan, signal) => ask('next_step', { ...shown, ...plan.question }, signal),
    backtrackCheck: (plan, signal) => ask('backtrack_check', { ...shown, ...plan.question }, signal),
    backtrackSelection: (plan, signal) => ask('backtrack_selection', { ...shown, ...plan.question }, signal),
  };
}

function show({ id, title, description, triggers }: KnownJourney, { knowledge }: TurnContext): ShownJourney {
  const conditions = knowledge.guidelines
    .filter((guideline) => triggers.includes(guideline.id))
    .map((guideline) => toAskedGuideline(guideline, '').condition);
  return { id, title, description, triggers: conditions };
}

type LookedInto = { readonly graph: JourneyGraph; readonly reach: Reach };

/** A projection stays the same until its journey changes: so long its ways need not be looked for again. */
const lookedInto = new WeakMap<readonly EngineGuideline[], LookedInto>();

function lookInto({ steps }: KnownJourney): LookedInto {
  const known = lookedInto.get(steps);
  if (known) return known;
  const graph = toJourneyGraph(steps);
  const made = { graph, reach: createReach(graph) };
  lookedInto.set(steps, made);
  return made;
}

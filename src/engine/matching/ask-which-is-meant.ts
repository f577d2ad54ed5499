/** DISAMBIGUATION: whether it is open which of several things the customer means. What is asked, and what the answer comes to. */
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import { askForUsable } from '../asking/usable-answer.ts';
import { unmatchedScore } from '../guideline.ts';
import { toAskedGuideline } from './asked-guideline.ts';
import type { Batch } from './batches.ts';
import { toCandidates, type Ambiguity, type Candidate } from './disambiguation.ts';
import type { Asked, Outcome } from './outcome.ts';
import { demandNumbers } from './verdicts.ts';

/** Undefined: there is nothing to choose between, as all but one of the targets are not looked at. */
export async function askWhichIsMeant(
  { source, targets }: Extract<Batch, { kind: 'disambiguation' }>,
  { nlp, turn, signal }: Asked,
): Promise<Outcome | undefined> {
  const candidates = toCandidates(targets, turn.knowledge.journeys);
  if (candidates.length < 2) return undefined;
  return askForUsable(nlp, {
    question: 'disambiguation',
    input: {
      situation: turn.situation,
      condition: toAskedGuideline(source, '').condition,
      candidates: candidates.map(({ shown }) => shown),
    },
    take: (answer) => {
      demandNumbers(answer.candidates, { count: candidates.length, provider: nlp.name });
      return answer.isAmbiguous
        ? { matches: [], ambiguity: toAmbiguity(source, candidates, answer) }
        : stays(source, answer);
    },
    signal,
  });
}

/** It is remembered that it was looked at, as in Parlant. */
function stays(source: Ambiguity['source'], { summary }: Answer): Outcome {
  const rationale = summary ?? 'It is clear what the customer means.';
  return { matches: [{ guideline: source, score: unmatchedScore, rationale }] };
}

type Answer = AnswerOf<'disambiguation'>;

function toAmbiguity(
  source: Ambiguity['source'],
  candidates: readonly Candidate[],
  { candidates: told, clarifyingAction, summary }: Answer,
): Ambiguity {
  const named = new Set(told.filter(({ needsClarification }) => needsClarification).map(({ n }) => n));
  // An answer that calls it open and names nothing means all of them.
  const open = named.size === 0 ? candidates : candidates.filter(({ shown }) => named.has(shown.n));
  return {
    source,
    targets: open.flatMap(({ guidelineIds }) => guidelineIds),
    action: clarifyingAction || askingFor(open),
    rationale: summary ?? 'It is open which of several things the customer means.',
  };
}

function askingFor(candidates: readonly Candidate[]): string {
  const choices = candidates.map(({ shown: { action, condition } }) => `"${action || condition}"`);
  return `Ask the customer which of these is meant: ${choices.join(', ')}.`;
}

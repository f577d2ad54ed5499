/** What everything that is said is made from: the turn, as questions about messages show it. */
import type { MessageInput, ProblemParameter } from '../../nlp/questions/messages.ts';
import type { GuidelineMatch } from '../guideline.ts';
import { toAskedGuideline, toFollowedGuideline } from '../matching/asked-guideline.ts';
import type { ParameterProblem, TurnContext } from '../turn-context.ts';

/** What applies, whether it runs tools or not. */
export function matchesOf({
  ordinary,
  toolEnabled,
}: Pick<TurnContext, 'ordinary' | 'toolEnabled'>): readonly GuidelineMatch[] {
  return [...ordinary, ...toolEnabled.map(({ match }) => match)];
}

/** Observations are left out: there is nothing in them to follow. `textsFor`: what was written to be said for a match. */
export function toMessageInput(
  turn: TurnContext,
  textsFor: (match: GuidelineMatch) => readonly string[],
): MessageInput {
  const matches = matchesOf(turn).filter(({ guideline }) => guideline.action);
  const principles = matches.filter(isPrinciple);
  const guidelines = matches.filter((match) => !isPrinciple(match));
  return {
    situation: turn.situation,
    guidelines: guidelines.map((match, at) => ({
      ...toFollowedGuideline(match, `${at + 1}`),
      texts: textsFor(match),
    })),
    principles: principles.map(({ guideline }, at) => toAskedGuideline(guideline, `${at + 1}`)),
    journeys: turn.journeys.map(({ title, description }) => ({ title, description })),
    missing: turn.insights.missing.map(toProblem),
    invalid: turn.insights.invalid.map(toProblem),
  };
}

function isPrinciple({ guideline }: GuidelineMatch): boolean {
  return guideline.criticality === 'low';
}

function toProblem({ toolId: _, precedence: __, ...shown }: ParameterProblem): ProblemParameter {
  return shown;
}

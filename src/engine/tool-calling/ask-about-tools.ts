/** What a model is asked about one batch of tools, and what its answer comes to. The less a mistake costs, the less is asked. */
import type { NlpService } from '../../nlp/nlp.ts';
import type { CandidateTool, OverlappingToolsInput, ToolInput } from '../../nlp/questions/tools.ts';
import type { FollowedGuideline } from '../../nlp/questions/situation.ts';
import { askForUsable } from '../asking/usable-answer.ts';
import type { GuidelineMatch } from '../guideline.ts';
import { toFollowedGuideline } from '../matching/asked-guideline.ts';
import type { TurnContext } from '../turn-context.ts';
import type { Evaluated } from './evaluation.ts';
import { evaluateConsequential } from './evaluate-consequential.ts';
import { evaluateOverlapping } from './evaluate-overlapping.ts';
import { evaluateSimple } from './evaluate-simple.ts';
import { callAtOnce, inferencePath } from './inference-path.ts';
import type { WantedTool } from './resolve-candidates.ts';

/** What is shown to all batches of an inference. */
export type Shown = {
  readonly turn: TurnContext;
  /** Those that run no tools. */
  readonly guidelines: readonly FollowedGuideline[];
  readonly toCandidate: (tool: WantedTool) => CandidateTool;
};

export type AskingAbout = {
  readonly nlp: Pick<NlpService, 'ask'>;
  readonly shown: Shown;
  /** Of the batch. */
  readonly signal: AbortSignal;
};

/** Guidelines have one number, whichever tool they want. */
export function toShown(turn: TurnContext): Shown {
  const { ordinary, toolEnabled } = turn;
  const matches = [...ordinary, ...toolEnabled.map(({ match }) => match)];
  const followed = new Map(matches.map((match, at) => [match, toFollowedGuideline(match, `${at + 1}`)]));
  const inOrder = (some: readonly GuidelineMatch[]) => some.flatMap((match) => followed.get(match) ?? []);
  return {
    turn,
    guidelines: inOrder(ordinary),
    toCandidate: ({ toolId, tool, matches: wanting }) => ({ toolId, tool, guidelines: inOrder(wanting) }),
  };
}

/** `others`: tools that are looked at beside it. */
export async function askAboutTool(
  wanted: WantedTool,
  others: readonly WantedTool[],
  { nlp, shown, signal }: AskingAbout,
): Promise<Evaluated> {
  const { staged } = shown.turn;
  const input = toInput(wanted, others, shown);
  switch (inferencePath(wanted, staged)) {
    case 'auto':
      return callAtOnce(wanted);
    case 'simple':
      return askForUsable(nlp, {
        question: 'tools_simple',
        input,
        take: (answer) => evaluateSimple(wanted, { staged, answer }),
        signal,
      });
    default:
      return askForUsable(nlp, {
        question: 'tools_full',
        input,
        take: (answer) => evaluateConsequential(wanted, answer),
        signal,
      });
  }
}

export function askAboutOverlapping(
  wanted: readonly WantedTool[],
  { nlp, shown, signal }: AskingAbout,
): Promise<Evaluated> {
  const input: OverlappingToolsInput = {
    situation: shown.turn.situation,
    guidelines: shown.guidelines,
    candidates: wanted.map(shown.toCandidate),
  };
  return askForUsable(nlp, {
    question: 'tools_overlapping',
    input,
    take: (answer) => evaluateOverlapping(wanted, answer),
    signal,
  });
}

/** Only a tool that always overlaps sees the others: for all else, relationships have said what belongs together. */
function toInput(
  wanted: WantedTool,
  others: readonly WantedTool[],
  { turn, guidelines, toCandidate }: Shown,
): ToolInput {
  return {
    situation: turn.situation,
    guidelines,
    candidate: toCandidate(wanted),
    references: wanted.tool.overlap === 'always' ? others.map(toCandidate) : [],
  };
}

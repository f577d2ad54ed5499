/** What the engine asks of what was found out about texts when they were written. An engine works without. */
import type { ToolId } from '../../tools/tool.ts';
import type { EngineGuideline } from '../guideline.ts';
import type { StoredJourney } from '../journeys/projection.ts';

export type WholeJourney = StoredJourney & {
  readonly journey: { readonly title: string; readonly description: string };
};

/** What the engine asks. */
export interface FoundOut {
  /** Grows with every finding: what was made with an older version is out of date. */
  readonly version: number;
  /** With what was found out about it; the very same, where that was nothing. Asked again, the answer is the very same. */
  guideline<Guideline extends EngineGuideline>(guideline: Guideline, toolIds: readonly ToolId[]): Guideline;
  /** As `guideline`, for its nodes; before it is projected. */
  journey<Journey extends WholeJourney>(journey: Journey): Journey;
}

/** Nothing was looked into. */
export const nothingFoundOut: FoundOut = {
  version: 0,
  guideline: (guideline) => guideline,
  journey: (journey) => journey,
};

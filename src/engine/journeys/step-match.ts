/** A chosen step as a match. The match on a journey's root stands for "the journey was left". */
import { matchedScore, type GuidelineMatch, type JourneyPath } from '../guideline.ts';
import type { JourneyGraph } from './journey-graph.ts';
import type { NodeGuideline } from './projection.ts';

export function matchStep(
  guideline: NodeGuideline,
  { path, rationale }: { readonly path: JourneyPath; readonly rationale: string },
): GuidelineMatch {
  return { guideline, score: matchedScore, rationale, journeyPath: path };
}

/** `path`: up to where it was left. */
export function matchLeft(
  { root }: JourneyGraph,
  { path, rationale }: { readonly path: JourneyPath; readonly rationale: string },
): GuidelineMatch {
  return matchStep(root, { path: [...path, null], rationale });
}

/** Whether a match only says that its journey was left, or that nothing of it was done yet: there is nothing to do about it. */
export function isLeft({ guideline, journeyPath }: GuidelineMatch): boolean {
  if (guideline.journeyNode?.index !== rootIndex) return false;
  return !guideline.action || journeyPath?.at(-1) === null;
}

/** A projection numbers its steps from the root. */
const rootIndex = '1';

/** Guidelines that came with what tools and retrievers brought: they apply to the answer of this turn, and are gone with it. */
import { matchedScore, type GuidelineMatch } from '../guideline.ts';
import type { StagedResult } from '../turn-context.ts';

/** In order; numbered, so that whoever follows the turn can tell them apart. */
export function resultGuidelines(
  staged: readonly Pick<StagedResult, 'toolId' | 'result'>[],
): readonly GuidelineMatch[] {
  const brought = staged.flatMap(({ toolId, result }) =>
    result.guidelines.map((given) => ({ toolId, given })),
  );
  return brought.map(({ toolId, given }, at) => ({
    guideline: {
      id: `<tool-guideline-${at + 1}>`,
      condition: given.condition ?? '',
      action: given.action,
      description: given.description ?? null,
      criticality: given.criticality ?? 'medium',
      priority: given.priority ?? 0,
      track: true,
      compositionMode: null,
      labels: [],
      tags: [],
      metadata: {},
      transient: true,
    },
    score: matchedScore,
    rationale: `It came with a result of ${toolId}.`,
  }));
}

/** The part of a journey that matters for going back: the steps gone through, and some after each. */
import type { JourneyPath } from '../guideline.ts';
import type { JourneyGraph } from './journey-graph.ts';

/** Steps away from the path that are still shown. */
const defaultDepth = 5;

/** Indexes. What comes after a tool step that was never come to is left out: it hangs on what the tool brings. */
export function stepsAround(
  { steps, root }: JourneyGraph,
  { path, maxDepth = defaultDepth }: { readonly path: JourneyPath; readonly maxDepth?: number },
): ReadonlySet<string> {
  const gone = new Set(path.filter((index) => index !== null && steps.has(index)));
  const kept = new Set(gone.size > 0 ? gone : [root.journeyNode.index]);
  let level: readonly (string | null)[] = [...kept];
  for (let depth = 0; depth < maxDepth; depth += 1) {
    level = level.flatMap((index) => {
      const step = steps.get(index ?? '');
      if (step === undefined) return [];
      const isToolToCome = step.guideline.journeyNode.kind === 'tool' && !gone.has(step.index);
      return isToolToCome ? [] : step.exits.map(({ to }) => to).filter((to) => !kept.has(to));
    });
    for (const index of level) kept.add(index);
  }
  return kept as ReadonlySet<string>; // null was filtered out
}

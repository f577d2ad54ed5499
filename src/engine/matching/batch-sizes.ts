/** How many guidelines are asked about at once: few, since each gets less attention beside others, and more where there are many. */
import type { EngineGuideline } from '../guideline.ts';

/** Of one kind, in the order given; the last may be smaller. */
export function inBatches(
  guidelines: readonly EngineGuideline[],
  { isLowCriticality }: { readonly isLowCriticality: boolean },
): readonly (readonly EngineGuideline[])[] {
  const { length } = guidelines;
  const size = isLowCriticality ? Math.min(length, mostOfLowCriticality) : batchSize(length);
  const starts = Array.from({ length: length === 0 ? 0 : Math.ceil(length / size) }, (_, n) => n * size);
  return starts.map((start) => guidelines.slice(start, start + size));
}

const mostOfLowCriticality = 10;

function batchSize(count: number): number {
  if (count <= 10) return 1;
  if (count <= 20) return 2;
  return count <= 30 ? 3 : 5;
}

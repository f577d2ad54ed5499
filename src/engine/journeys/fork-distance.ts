/** How many ways on it takes from each step to the nearest fork, so that ways to what comes after forks are looked for only where there are forks. */
import { mayBePassed } from './completion.ts';
import type { JourneyGraph } from './journey-graph.ts';

/** By index; 0 for forks themselves. Steps that are not in it lead to none, or not without passing one that must be done. */
export function forkDistances({ steps }: JourneyGraph): ReadonlyMap<string, number> {
  const forks = [...steps.values()].filter(({ guideline }) => guideline.journeyNode.kind === 'fork');
  const distances = new Map(forks.map(({ index }) => [index, 0]));
  for (const [index, distance] of distances) {
    for (const { from, guideline } of steps.get(index)?.entries ?? []) {
      if (mayBePassed(guideline) && !distances.has(from)) distances.set(from, distance + 1);
    }
  }
  return distances;
}

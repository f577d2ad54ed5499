/** Which journeys a conversation is likely to be in: those it was in before, else the one that is nearest to what is being said. */
import { isKnown } from '../journeys/activation.ts';
import type { JourneyPaths } from '../turn-context.ts';

/** In the order of `journeys`. `rank`: nearest first; asked only where no journey was entered yet. */
export async function findLikelyJourneys<Journey extends { readonly id: string }>(
  journeys: readonly Journey[],
  {
    paths,
    rank,
  }: {
    readonly paths: JourneyPaths;
    readonly rank: (journeys: readonly Journey[]) => Promise<readonly { readonly id: string }[]>;
  },
): Promise<readonly Journey[]> {
  const entered = journeys.filter(({ id }) => isKnown(id, paths));
  if (entered.length > 0 || journeys.length === 0) return entered;
  const [nearest] = await rank(journeys);
  return journeys.filter(({ id }) => id === nearest?.id);
}

/** Guidelines of which the program itself says whether they apply. */
import type { EntityExtensions } from '../extensions.ts';
import { matchedScore, type EngineGuideline, type GuidelineMatch } from '../guideline.ts';
import type { TurnContext } from '../turn-context.ts';

export type Matcher = NonNullable<EntityExtensions['matcher']>;

/** A journey's steps are chosen, each in view of the others: no matcher is asked about them. */
export function matcherOf(
  { id, journeyNode }: EngineGuideline,
  { extensions }: TurnContext,
): Matcher | undefined {
  return journeyNode ? undefined : extensions.entities.get(id)?.matcher;
}

/** Undefined: it does not apply, or the matcher failed, of which `onFailure` is told. */
export async function askMatcher(
  guideline: EngineGuideline,
  {
    matcher,
    turn,
    onFailure,
  }: { readonly matcher: Matcher; readonly turn: TurnContext; readonly onFailure: (error: unknown) => void },
): Promise<GuidelineMatch | undefined> {
  try {
    const { matched, rationale } = await matcher(turn);
    return matched ? { guideline, score: matchedScore, rationale } : undefined;
  } catch (error) {
    onFailure(error);
    return undefined;
  }
}

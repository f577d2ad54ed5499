/** What follows from what applies: relationships, then which guidelines still have tools to try. */
import type { KnownJourney } from '../agent-knowledge.ts';
import type { GuidelineMatch } from '../guideline.ts';
import { observeResolving } from '../observing/observe-cycle.ts';
import { resolve } from '../relational-resolver/resolve.ts';
import type { ToolEnabledMatch, TurnContext } from '../turn-context.ts';
import type { Found } from './find-guidelines.ts';
import { recallTerms } from './prepare.ts';
import type { TurnWork } from './turn-work.ts';

/** Whether there are tools to consider. */
export async function resolveMatches(work: TurnWork, found: Found): Promise<boolean> {
  const resolved = followFrom(work, found);
  work.applying = found.matches;
  const isFirst = work.iterations.length === 0;
  const fresh = new Set(found.found.map(({ guideline }) => guideline.id));
  const canTry = isFirst ? () => true : ({ guideline }: GuidelineMatch) => fresh.has(guideline.id);
  const toolEnabled = resolved.matches.filter(canTry).flatMap((match) => withTools(work.context, match));
  const tried = new Set(toolEnabled.map(({ match }) => match));
  const ordinary = resolved.matches.filter((match) => !tried.has(match));
  work.learn({ ordinary, toolEnabled, journeys: resolved.journeys });
  work.describe();
  await recallTerms(work, resolved.matches);
  await work.plan.onGuidelinesResolved?.(work.context);
  return toolEnabled.length > 0;
}

/**
 * With guidelines that came from elsewhere: what follows from everything that applies, once more. Not from what stayed the first time: a
 * resolution forgets who was outranked or entailed.
 */
export function resolveAgain(work: TurnWork, added: readonly GuidelineMatch[]): void {
  const { context } = work;
  const { toolEnabled, journeys } = context;
  const matches = [...added, ...work.applying];
  const resolved = followFrom(work, { matches, journeys });
  const stays = new Set(resolved.matches.map(({ guideline }) => guideline.id));
  const kept = toolEnabled.filter(({ match }) => stays.has(match.guideline.id));
  const keptIds = new Set(kept.map(({ match }) => match.guideline.id));
  work.learn({
    ordinary: resolved.matches.filter(({ guideline }) => !keptIds.has(guideline.id)),
    toolEnabled: kept,
    journeys: resolved.journeys,
  });
  work.describe();
}

function followFrom(
  { context, deps }: TurnWork,
  { matches, journeys }: Pick<Found, 'matches' | 'journeys'>,
): { readonly matches: readonly GuidelineMatch[]; readonly journeys: readonly KnownJourney[] } {
  const { guidelines: usable, relationships } = context.knowledge;
  const resolved = observeResolving(deps.observer.telemetry, { turn: context, matches }, () =>
    resolve({ usable, matches, journeys, relationships }),
  );
  const going = new Set(resolved.journeys.map(({ id }) => id));
  return { matches: resolved.matches, journeys: journeys.filter(({ id }) => going.has(id)) };
}

function withTools({ knowledge }: TurnContext, match: GuidelineMatch): readonly ToolEnabledMatch[] {
  const toolIds = knowledge.toolsOf.get(match.guideline.id) ?? [];
  return toolIds.length > 0 ? [{ match, toolIds }] : [];
}

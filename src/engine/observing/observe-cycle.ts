/** What the cycle tells itself: only it knows what it matches for, and what became of what was matched. */
import type { Attributes, Telemetry } from '../../telemetry/telemetry.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { Resolved } from '../relational-resolver/resolve.ts';
import { guidelineEntity } from '../relational-resolver/situation.ts';
import type { TurnContext } from '../turn-context.ts';
import { measured } from './measured.ts';

/** Why guidelines are looked at. */
export type MatchingPhase =
  | 'initial'
  /** A journey was begun that nobody had thought likely. */
  | 'low_probability_journeys'
  /** A tool has brought something new. */
  | 'reevaluation'
  /** A journey was begun by what a tool brought. */
  | 'reevaluated_dependent_guidelines';

export function observeMatching(
  telemetry: Telemetry,
  {
    phase,
    count,
    signal,
  }: { readonly phase: MatchingPhase; readonly count: number; readonly signal: AbortSignal },
  work: () => Promise<readonly GuidelineMatch[]>,
): Promise<readonly GuidelineMatch[]> {
  return telemetry.span('guideline_matcher', { phase, guidelines: count }, () =>
    measured(telemetry, { as: ['gm.match'], attributes: { phase }, signal }, work),
  );
}

/** Tells which guidelines became active by it, and which did not stay. `turn`: as it was before. */
export function observeResolving(
  telemetry: Telemetry,
  { turn, matches }: { readonly turn: TurnContext; readonly matches: readonly GuidelineMatch[] },
  work: () => Resolved,
): Resolved {
  return telemetry.span('relational_resolver.resolve', { matches: matches.length }, () => {
    const resolved = work();
    const active = new Set([...turn.ordinary, ...turn.toolEnabled.map(({ match }) => match)].map(idOf));
    for (const match of resolved.matches) if (!active.has(idOf(match))) tellActivation(telemetry, match);
    const stayed = new Set(resolved.matches.map(idOf));
    for (const match of matches) {
      if (!stayed.has(idOf(match))) tellDeactivation(telemetry, match, resolved.resolutions);
    }
    return resolved;
  });
}

function idOf({ guideline }: GuidelineMatch): string {
  return guideline.id;
}

function tellActivation(telemetry: Telemetry, { guideline, rationale }: GuidelineMatch): void {
  const { journeyNode } = guideline;
  const about = (): Attributes => ({
    condition: guideline.condition,
    action: guideline.action ?? '',
    rationale,
  });
  if (journeyNode) {
    const { nodeId, journeyId } = journeyNode;
    const ids = { 'node.id': nodeId, 'journey.id': journeyId };
    telemetry.event('journey.state.activate', () => ({ ...ids, ...about() }));
  } else telemetry.event('gm.activate', () => ({ 'guideline.id': guideline.id, ...about() }));
}

function tellDeactivation(
  telemetry: Telemetry,
  { guideline }: GuidelineMatch,
  resolutions: Resolved['resolutions'],
): void {
  telemetry.event('gm.deactivate', () => {
    const why = resolutions.get(guidelineEntity(guideline.id)) ?? [];
    return { 'guideline.id': guideline.id, reasons: why.map(({ reason }) => reason).join(' ') };
  });
}

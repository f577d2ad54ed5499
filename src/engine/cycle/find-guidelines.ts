/**
 * Which guidelines apply: in the first iteration all that bear on the conversation, in later ones those that may have changed by what
 * tools brought. A journey that is activated in passing is looked at at once.
 */
import { activatedJourneys } from '../journeys/activation.ts';
import type { KnownJourney } from '../agent-knowledge.ts';
import type { EngineGuideline, GuidelineMatch } from '../guideline.ts';
import { findLikelyJourneys } from '../matching/likely-journeys.ts';
import { mergeMatches } from '../matching/merge-matches.ts';
import { toReevaluate } from '../matching/reevaluation.ts';
import { pruneByJourneys, relatedTo } from '../matching/related-guidelines.ts';
import { type MatchingPhase, observeMatching } from '../observing/observe-cycle.ts';
import type { TurnContext } from '../turn-context.ts';
import { nothingYet, type TurnWork } from './turn-work.ts';

export type Found = {
  /** Everything that applies by now. */
  readonly matches: readonly GuidelineMatch[];
  /** What was found in this iteration. */
  readonly found: readonly GuidelineMatch[];
  /** Looked at in this iteration: ids. */
  readonly evaluated: readonly string[];
  /** Active ones, before relationships are looked at. */
  readonly journeys: readonly KnownJourney[];
};

/** Keeps what it found as the iteration under way. */
export async function findGuidelines(work: TurnWork): Promise<Found> {
  const pass = work.iterations.length === 0 ? await firstPass(work) : await laterPass(work);
  const merged = mergeMatches({
    earlier: work.iterations.map(({ matched }) => matched),
    evaluated: pass.evaluated,
    found: pass.found,
    activeJourneys: pass.journeys.map(({ id }) => id),
  });
  const matches = (await work.plan.onGuidelinesMatched?.(merged)) ?? merged;
  work.current = { ...nothingYet, matched: pass.found, evaluated: pass.evaluated };
  return { ...pass, matches };
}

type Pass = Omit<Found, 'matches'>;

async function firstPass(work: TurnWork): Promise<Pass> {
  const { context } = work;
  const { guidelines, journeys, relationships } = context.knowledge;
  const likely = await likelyJourneys(work);
  const asked = pruneByJourneys(guidelines, { journeys, likely: idsOf(likely), relationships });
  const first = await match(work, 'initial', asked, likely);
  const activated = activatedBy(context, first, { isLaterPass: false });
  const unlooked = activated.filter((journey) => !likely.includes(journey));
  if (unlooked.length === 0) return { found: first, evaluated: idsOf(asked), journeys: activated };
  const more = belongingTo(context, unlooked, new Set(activated.flatMap(({ triggers }) => triggers)));
  const second = await match(work, 'low_probability_journeys', more, activated);
  return {
    found: [...first, ...second],
    evaluated: idsOf([...asked, ...more]),
    journeys: activated,
  };
}

async function laterPass(work: TurnWork): Promise<Pass> {
  const { context } = work;
  const { guidelines, relationships } = context.knowledge;
  const evaluations = work.iterations.at(-1)?.inference.insights.evaluations ?? [];
  const again = toReevaluate({
    usable: guidelines,
    relationships,
    evaluations,
    activeJourneys: context.journeys,
  });
  const first = await match(work, 'reevaluation', again, context.journeys);
  const activated = activatedBy(context, first, { isLaterPass: true });
  const journeys = [...new Set([...context.journeys, ...activated])];
  const evaluated = new Set(idsOf(again));
  const more = belongingTo(context, activated, new Set()).filter(({ id }) => !evaluated.has(id));
  const second = more.length > 0 ? await match(work, 'reevaluated_dependent_guidelines', more, journeys) : [];
  return { found: [...first, ...second], evaluated: [...evaluated, ...idsOf(more)], journeys };
}

/** Nothing asks for nothing. */
async function match(
  { context, deps }: TurnWork,
  phase: MatchingPhase,
  guidelines: readonly EngineGuideline[],
  journeys: readonly KnownJourney[],
): Promise<readonly GuidelineMatch[]> {
  if (guidelines.length === 0) return [];
  const about = { phase, count: guidelines.length, signal: context.signal };
  return observeMatching(deps.observer.telemetry, about, () =>
    deps.stages.matcher.match(context, { guidelines, activeJourneys: idsOf(journeys) }),
  );
}

function activatedBy(
  { knowledge, state }: TurnContext,
  matches: readonly GuidelineMatch[],
  { isLaterPass }: { readonly isLaterPass: boolean },
): readonly KnownJourney[] {
  const previousPaths = state.journeyPaths;
  return activatedJourneys(knowledge.journeys, { matches, previousPaths, isLaterPass });
}

/** What has to do with these journeys, and these guidelines. In the order of all. */
function belongingTo(
  { knowledge }: TurnContext,
  journeys: readonly KnownJourney[],
  ids: ReadonlySet<string>,
): readonly EngineGuideline[] {
  const related = journeys.map((journey) => relatedTo(journey, knowledge.relationships));
  return knowledge.guidelines.filter(({ id }) => ids.has(id) || related.some((each) => each.has(id)));
}

async function likelyJourneys({ context, deps }: TurnWork): Promise<readonly KnownJourney[]> {
  const { knowledge, state, situation, signal } = context;
  return findLikelyJourneys(knowledge.journeys, {
    paths: state.journeyPaths,
    rank: (journeys) =>
      deps.nlp.rank(
        toQuery(situation),
        journeys.map((journey) => ({ id: journey.id, texts: [textOf(journey)] })),
        { signal },
      ),
  });
}

/** What the conversation is about, as one text. */
function toQuery({ variables, terms, interaction }: TurnContext['situation']): string {
  const parts = [
    variables.map(({ name, value }) => `${name}: ${JSON.stringify(value)}`),
    terms.map(({ name }) => name),
    interaction.map(({ data }) => JSON.stringify(data)),
  ];
  return parts.flat().join('\n');
}

/** By which a journey is found. */
function textOf({ title, description, steps }: KnownJourney): string {
  const told = steps.flatMap(({ condition, action }) => [condition, action ?? '']);
  return [title, description, ...new Set(told)].filter((text) => text !== '').join('\n');
}

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id);
}

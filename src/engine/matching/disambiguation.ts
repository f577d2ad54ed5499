/**
 * Asking back: where it is open which of several things the customer means, the agent asks instead of doing any of them. What it could be
 * is shown as candidates; what turns out to be ambiguous becomes one guideline made for this answer.
 */
import { journeyOfTag } from '../../entities/collections/journey.ts';
import type { DisambiguationCandidate } from '../../nlp/questions/matching.ts';
import { matchedScore, type EngineGuideline, type GuidelineMatch } from '../guideline.ts';
import type { KnownJourney } from '../agent-knowledge.ts';
import { toAskedGuideline } from './asked-guideline.ts';

export type Candidate = {
  readonly shown: DisambiguationCandidate;
  /** What does not apply while it is open whether this is meant. */
  readonly guidelineIds: readonly string[];
};

/** Found ambiguous. */
export type Ambiguity = {
  /** The observation whose targets these are. */
  readonly source: EngineGuideline;
  /** Ids of guidelines, of all candidates that may be meant. */
  readonly targets: readonly string[];
  /** How the agent asks. */
  readonly action: string;
  readonly rationale: string;
};

/** Numbered from "1". What begins one journey is one candidate, in place of its first target. */
export function toCandidates(
  targets: readonly EngineGuideline[],
  journeys: readonly Pick<KnownJourney, 'id' | 'title' | 'triggers'>[],
): readonly Candidate[] {
  const journeyOf = ({ tags }: EngineGuideline) =>
    journeys.find(({ id }) => tags.some((tag) => journeyOfTag(tag) === id));
  const groups = Map.groupBy(new Set(targets), (target) => journeyOf(target) ?? target);
  return [...groups.values()].map((group, n) =>
    toCandidate(group, `${n + 1}`, group[0] && journeyOf(group[0])),
  );
}

/** In place of each ambiguity's source and targets comes what asks the customer; everything else stays, in its order. */
export function askBack(
  matches: readonly GuidelineMatch[],
  ambiguities: readonly Ambiguity[],
): readonly GuidelineMatch[] {
  const open = new Set(ambiguities.flatMap(({ source, targets }) => [source.id, ...targets]));
  return [...matches.filter(({ guideline }) => !open.has(guideline.id)), ...ambiguities.map(toMatch)];
}

function toCandidate(
  group: readonly EngineGuideline[],
  n: string,
  journey: Pick<KnownJourney, 'title' | 'triggers'> | undefined,
): Candidate {
  const asked = group.map((guideline) => toAskedGuideline(guideline, n));
  const ids = group.map(({ id }) => id);
  return {
    shown: {
      n,
      condition: asked.map(({ condition }) => condition).join(' or '),
      action: journey?.title ?? asked[0]?.action ?? '',
    },
    guidelineIds: journey ? [...new Set([...ids, ...journey.triggers])] : ids,
  };
}

function toMatch({ source, action, rationale }: Ambiguity): GuidelineMatch {
  return { guideline: toQuestion(source, action), score: matchedScore, rationale };
}

function toQuestion({ id, condition }: EngineGuideline, action: string): EngineGuideline {
  return {
    id: `ask-back:${id}`,
    condition,
    action,
    description: null,
    criticality: 'medium',
    priority: 0,
    track: false,
    compositionMode: null,
    labels: [],
    tags: [],
    metadata: {},
    transient: true,
  };
}

/** What the steps of a resolution work on: what stands at a moment, what never changes meanwhile, and what a step found out. */
import { journeyOfTag } from '../../entities/collections/journey.ts';
import type { RelationshipEnd } from '../../entities/collections/relationship.ts';
import type { EngineJourney, GuidelineMatch } from '../guideline.ts';
import type { Members } from './members.ts';
import type { NeedsOf } from './needs.ts';
import type { RelationshipIndex } from './relationship-index.ts';

/** Matches by the id of their guideline. */
export type Active = ReadonlyMap<string, GuidelineMatch>;
export type Journeys = ReadonlyMap<string, EngineJourney>;

export type Situation = {
  readonly active: Active;
  readonly journeys: Journeys;
  readonly relationships: RelationshipIndex;
  readonly members: Members;
  readonly needsOf: NeedsOf;
};

/** A guideline, a journey, or what a relationship names besides: `guideline:g1`, `journey:j1`, `tag:t1`, `tool:s:t`. */
export type EntityName = `${'guideline' | 'journey' | 'tag' | 'tool'}:${string}`;

/** Why something stays or goes. */
export type Finding = {
  readonly entity: EntityName;
  readonly counterparts: readonly EntityName[];
  /** Of priority by number there is none. */
  readonly relationshipId?: string;
} & (
  | { readonly kind: 'unmet_dependency_all' | 'unmet_dependency_any' | 'entailed' }
  | { readonly kind: 'deprioritized'; readonly by: 'relationship' | 'dependency' }
  | { readonly kind: 'deprioritized'; readonly by: 'number'; readonly own: number; readonly best: number }
);

export function guidelineEntity(id: string): EntityName {
  return `guideline:${id}`;
}

export function journeyEntity(id: string): EntityName {
  return `journey:${id}`;
}

/** What a relationship points to; a journey's tag is the journey. */
export function toEntity(end: RelationshipEnd): EntityName {
  if (end.type === 'guideline') return guidelineEntity(end.id);
  if (end.type === 'tool') return `tool:${end.id}`;
  const journeyId = journeyOfTag(end.id);
  return journeyId === undefined ? `tag:${end.id}` : journeyEntity(journeyId);
}

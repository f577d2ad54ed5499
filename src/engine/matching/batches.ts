/**
 * Which guidelines are asked about together, and how. Each guideline is of one kind, by what it is and by what was done before; the order
 * given is kept.
 */
import type { QuestionName } from '../../nlp/questions/questions.ts';
import type { EngineGuideline } from '../guideline.ts';
import { guidelineEnd, type RelationshipIndex } from '../relational-resolver/relationship-index.ts';
import { isCustomerDependent } from './asked-guideline.ts';
import { inBatches } from './batch-sizes.ts';

/** As the questions are called that are asked about them. */
export const plainBatchKinds = [
  'observational',
  'actionable',
  'low_criticality',
  'previously_applied',
  'customer_dependent',
] as const satisfies readonly QuestionName[];
export type PlainBatchKind = (typeof plainBatchKinds)[number];

export type Batch =
  | { readonly kind: PlainBatchKind; readonly guidelines: readonly EngineGuideline[] }
  | {
      readonly kind: 'disambiguation';
      /** An observation. */
      readonly source: EngineGuideline;
      /** What the customer may mean: only what is asked about in the same pass. */
      readonly targets: readonly EngineGuideline[];
    }
  | {
      readonly kind: 'journey_step';
      readonly journeyId: string;
      /** The first is the root. */
      readonly steps: readonly EngineGuideline[];
    };

export type BatchOptions = {
  /** Of earlier turns: ids. */
  readonly appliedGuidelineIds: readonly string[];
  /** Ids. */
  readonly activeJourneys: readonly string[];
  readonly relationships: RelationshipIndex;
  /** Ids of guidelines that no question is asked about, though they may be what a customer means; default: none. */
  readonly unasked?: ReadonlySet<string>;
};

/** Steps of journeys that are not active are left out, and journeys with nothing but a root. */
export function toBatches(guidelines: readonly EngineGuideline[], options: BatchOptions): readonly Batch[] {
  const applied = new Set(options.appliedGuidelineIds);
  const others = guidelines.filter(({ journeyNode }) => journeyNode === undefined);
  const asked = others.filter(({ id }) => !options.unasked?.has(id));
  const sources = new Set(asked.filter((guideline) => isDisambiguation(guideline, options.relationships)));
  const plain = Map.groupBy(
    asked.filter((guideline) => !sources.has(guideline)),
    (guideline) => plainKindOf(guideline, applied),
  );
  return [
    ...plainBatchKinds.flatMap((kind) => toPlainBatches(kind, plain.get(kind) ?? [])),
    ...[...sources].map((source) => toDisambiguation(source, others, options.relationships)),
    ...toJourneyBatches(guidelines, options.activeJourneys),
  ];
}

function plainKindOf(guideline: EngineGuideline, applied: ReadonlySet<string>): PlainBatchKind {
  if (!guideline.action) return 'observational';
  if (guideline.metadata['continuous'] === true) return 'actionable';
  if (guideline.track && applied.has(guideline.id)) {
    return isCustomerDependent(guideline) ? 'customer_dependent' : 'previously_applied';
  }
  return guideline.criticality === 'low' ? 'low_criticality' : 'actionable';
}

function toPlainBatches(kind: PlainBatchKind, guidelines: readonly EngineGuideline[]): readonly Batch[] {
  const batches = inBatches(guidelines, { isLowCriticality: kind === 'low_criticality' });
  return batches.map((batch) => ({ kind, guidelines: batch }));
}

function isDisambiguation({ id, action }: EngineGuideline, relationships: RelationshipIndex): boolean {
  return !action && relationships.from('disambiguation', guidelineEnd(id)).length > 1;
}

/** A target that is a tag stands for what carries it. */
function toDisambiguation(
  source: EngineGuideline,
  asked: readonly EngineGuideline[],
  relationships: RelationshipIndex,
): Batch {
  const ends = relationships.from('disambiguation', guidelineEnd(source.id)).map(({ target }) => target);
  const targets = asked.filter(({ id, tags }) =>
    ends.some((end) => (end.type === 'guideline' ? end.id === id : tags.includes(end.id))),
  );
  return { kind: 'disambiguation', source, targets };
}

function toJourneyBatches(
  guidelines: readonly EngineGuideline[],
  activeJourneys: readonly string[],
): readonly Batch[] {
  const byJourney = Map.groupBy(guidelines, ({ journeyNode }) => journeyNode?.journeyId);
  return [...new Set(activeJourneys)].flatMap((journeyId) => {
    const steps = byJourney.get(journeyId) ?? [];
    return steps.length > 1 ? [{ kind: 'journey_step', journeyId, steps }] : [];
  });
}

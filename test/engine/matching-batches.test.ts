import { describe, expect, it } from 'vitest';
import type { Criticality } from '../../src/entities/collections/guideline.ts';
import type { EngineGuideline } from '../../src/engine/guideline.ts';
import { toBatches, type Batch } from '../../src/engine/matching/batches.ts';
import {
  guidelineEnd,
  indexRelationships,
  tagEnd,
} from '../../src/engine/relational-resolver/relationship-index.ts';
import type { RelationshipEnd } from '../../src/entities/collections/relationship.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly guidelines: readonly {
    readonly id: string;
    readonly action?: string | null;
    readonly continuous?: boolean;
    readonly customerDependent?: boolean;
    readonly criticality?: Criticality;
    readonly track?: boolean;
    readonly journeyNodeOf?: string;
  }[];
  readonly appliedGuidelineIds: readonly string[] | null;
  readonly activeJourneys: readonly string[];
  readonly disambiguationRelationships: readonly (readonly [string, string])[];
  readonly expected: readonly ShownBatch[];
};

type ShownBatch = {
  readonly kind: string;
  readonly guidelines: readonly string[];
  readonly targets?: readonly string[];
  readonly journey?: string;
};

describe('as recorded', () => {
  it.each(readVectors<Case>('guideline-matching', 'matching-batches'))('$id $title', (vector) => {
    const batches = toBatches(vector.guidelines.map(toGuideline), {
      appliedGuidelineIds: vector.appliedGuidelineIds ?? [],
      activeJourneys: vector.activeJourneys,
      relationships: disambiguations(
        vector.disambiguationRelationships.map(([source, target]) => [source, guidelineEnd(target)]),
      ),
    });
    expect(sorted(batches.map(show))).toEqual(sorted(vector.expected));
  });
});

describe('an observation that disambiguates', () => {
  const source = engineGuideline('s', { action: null });
  const [a, b, c] = ['a', 'b', 'c'].map((id) => engineGuideline(id, { tags: ['cards'] }));

  it('is asked about with its targets, which are asked about by themselves too', () => {
    const relationships = disambiguations([
      ['s', guidelineEnd('a')],
      ['s', guidelineEnd('b')],
    ]);
    const shown = batchesOf([source, a, b], relationships).map(show);
    expect(shown).toContainEqual({ kind: 'disambiguation', guidelines: ['s'], targets: ['a', 'b'] });
    expect(shown.filter(({ kind }) => kind === 'actionable')).toHaveLength(2);
    expect(shown.filter(({ kind }) => kind === 'observational')).toEqual([]);
  });

  it('has no targets but those that are asked about in the same pass', () => {
    const relationships = disambiguations([
      ['s', guidelineEnd('a')],
      ['s', guidelineEnd('elsewhere')],
    ]);
    expect(batchesOf([source, a, b], relationships).map(show)).toContainEqual({
      kind: 'disambiguation',
      guidelines: ['s'],
      targets: ['a'],
    });
  });

  it('has each target once, whether by itself or by a tag', () => {
    const relationships = disambiguations([
      ['s', guidelineEnd('a')],
      ['s', tagEnd('cards')],
    ]);
    expect(batchesOf([source, a, b, c], relationships).map(show)).toContainEqual({
      kind: 'disambiguation',
      guidelines: ['s'],
      targets: ['a', 'b', 'c'],
    });
  });

  it('is a guideline like any other if it has an action', () => {
    const relationships = disambiguations([
      ['a', guidelineEnd('b')],
      ['a', guidelineEnd('c')],
    ]);
    expect(batchesOf([a, b, c], relationships).map(({ kind }) => kind)).toEqual(Array(3).fill('actionable'));
  });
});

it('asks about a guideline that needs the customer in its own way when it was applied before', () => {
  const relationships = indexRelationships([]);
  const batches = toBatches([toGuideline({ id: 'g1', customerDependent: true })], {
    appliedGuidelineIds: ['g1'],
    activeJourneys: [],
    relationships,
  });
  expect(batches.map(show)).toEqual([{ kind: 'previously_applied_customer_dependent', guidelines: ['g1'] }]);
});

function batchesOf(
  guidelines: readonly (EngineGuideline | undefined)[],
  relationships: ReturnType<typeof indexRelationships>,
): readonly Batch[] {
  return toBatches(
    guidelines.flatMap((guideline) => guideline ?? []),
    { appliedGuidelineIds: [], activeJourneys: [], relationships },
  );
}

function toGuideline({
  id,
  continuous,
  customerDependent,
  ...given
}: Case['guidelines'][number]): EngineGuideline {
  return engineGuideline(id, {
    ...given,
    metadata: {
      ...(continuous !== undefined && { continuous }),
      ...(customerDependent !== undefined && {
        customer_dependent_action_data: { is_customer_dependent: customerDependent },
      }),
    },
  });
}

function disambiguations(
  pairs: readonly (readonly [string, RelationshipEnd])[],
): ReturnType<typeof indexRelationships> {
  return indexRelationships(
    pairs.map(([source, target], n) => ({
      id: `r${n}`,
      kind: 'disambiguation',
      source: guidelineEnd(source),
      target,
      groupId: null,
    })),
  );
}

function show(batch: Batch): ShownBatch {
  if (batch.kind === 'journey_step') {
    return { kind: batch.kind, guidelines: idsOf(batch.steps), journey: batch.journeyId };
  }
  if (batch.kind === 'disambiguation') {
    return { kind: batch.kind, guidelines: [batch.source.id], targets: idsOf(batch.targets) };
  }
  const kind = batch.kind === 'customer_dependent' ? 'previously_applied_customer_dependent' : batch.kind;
  return { kind, guidelines: idsOf(batch.guidelines) };
}

function idsOf(guidelines: readonly EngineGuideline[]): readonly string[] {
  return guidelines.map(({ id }) => id);
}

function sorted(batches: readonly ShownBatch[]): readonly ShownBatch[] {
  const key = ({ kind, guidelines }: ShownBatch): string => `${kind} ${guidelines.join()}`;
  return batches
    .map((batch) => ({ ...batch, ...(batch.targets && { targets: batch.targets.toSorted() }) }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

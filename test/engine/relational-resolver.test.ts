import { describe, expect, it } from 'vitest';
import type { EngineGuideline } from '../../src/engine/guideline.ts';
import { indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import type { Resolution } from '../../src/engine/relational-resolver/resolution.ts';
import { resolve, type Resolved } from '../../src/engine/relational-resolver/resolve.ts';
import type { RelationshipEnd, RelationshipKind } from '../../src/entities/collections/relationship.ts';
import { engineGuideline, engineJourney } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly guidelines: readonly {
    readonly id: string;
    readonly priority?: number;
    readonly tags?: readonly string[];
    readonly journeyNodeOf?: string;
  }[];
  readonly journeys: readonly { readonly id: string; readonly priority?: number }[];
  readonly relationships: readonly {
    readonly id: string;
    readonly kind: RelationshipKind;
    readonly source: RelationshipEnd;
    readonly target: RelationshipEnd;
    readonly group?: string;
  }[];
  readonly usable: readonly string[];
  readonly matches: readonly { readonly guideline: string; readonly score: number }[];
  readonly activeJourneys: readonly string[];
  readonly expected: {
    readonly active: readonly string[];
    readonly scores: Readonly<Record<string, number>>;
    readonly journeys: readonly string[];
    readonly resolutions: Readonly<Record<string, readonly string[]>>;
  };
  readonly attribution?: Readonly<Record<string, readonly Attribution[]>>;
  readonly strictAttribution?: readonly string[];
};

type Attribution = {
  readonly kind: string;
  readonly relationship?: string;
  readonly counterparts?: readonly string[];
};

describe.each(['relational-resolver', 'relational-resolver-derived'])('%s', (family) => {
  it.each(readVectors<Case>(family, family))('$id $title', (vector) => {
    const resolved = run(vector);
    const { active, scores, journeys, resolutions } = vector.expected;
    expect(resolved.matches.map(({ guideline }) => guideline.id).sort()).toEqual(active.toSorted());
    expect(Object.fromEntries(resolved.matches.map(({ guideline, score }) => [guideline.id, score]))).toEqual(
      scores,
    );
    expect(resolved.journeys.map(({ id }) => id).sort()).toEqual(journeys.toSorted());
    const kinds = Object.keys(resolutions).map((entity) => [
      entity,
      resolutionsOf(resolved, entity)
        .map(({ kind }) => kind)
        .sort(),
    ]);
    expect(Object.fromEntries(kinds)).toEqual(
      Object.fromEntries(Object.entries(resolutions).map(([entity, each]) => [entity, each.toSorted()])),
    );
    for (const entity of vector.strictAttribution ?? []) {
      expect(toAttribution(resolutionsOf(resolved, entity))).toEqual(vector.attribution?.[entity]);
    }
  });
});

function run(vector: Case): Resolved {
  const guidelines = new Map(vector.guidelines.map(({ id, ...given }) => [id, engineGuideline(id, given)]));
  return resolve({
    usable: vector.usable.map(named),
    matches: vector.matches.map(({ guideline, score }) => ({
      guideline: named(guideline),
      score,
      rationale: '',
    })),
    journeys: vector.activeJourneys.map((id) =>
      engineJourney(
        id,
        vector.journeys.find((journey) => journey.id === id),
      ),
    ),
    relationships: indexRelationships(
      vector.relationships.map(({ group, ...rest }) => ({ ...rest, groupId: group ?? null })),
    ),
  });

  function named(id: string): EngineGuideline {
    const guideline = guidelines.get(id);
    if (!guideline) throw new Error(`The case has no guideline ${id}.`);
    return guideline;
  }
}

function resolutionsOf({ resolutions }: Resolved, entity: string): readonly Resolution[] {
  return [...resolutions].find(([name]) => name === entity)?.[1] ?? [];
}

function toAttribution(resolutions: readonly Resolution[]): readonly Attribution[] {
  return resolutions.map(({ kind, relationshipId, counterparts }) => ({
    kind,
    ...(relationshipId !== undefined && { relationship: relationshipId }),
    counterparts: counterparts.toSorted(),
  }));
}

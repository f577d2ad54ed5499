import { describe, expect, it } from 'vitest';
import { findLikelyJourneys } from '../../src/engine/matching/likely-journeys.ts';
import { pruneByJourneys, relatedTo } from '../../src/engine/matching/related-guidelines.ts';
import {
  guidelineEnd,
  indexRelationships,
  tagEnd,
  type RelationshipIndex,
} from '../../src/engine/relational-resolver/relationship-index.ts';
import type { RelationshipEnd } from '../../src/entities/collections/relationship.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly dependencies: readonly (readonly [string, string])[];
  readonly journey: string;
  readonly projected: readonly string[];
  readonly expected: readonly string[];
};

it.each(readVectors<Case>('guideline-matching', 'journey-related-guidelines'))('$id $title', (vector) => {
  const steps = vector.projected.map((id) => engineGuideline(id));
  const related = relatedTo({ id: vector.journey, steps }, dependencies(vector.dependencies));
  expect([...related].toSorted()).toEqual(vector.expected.toSorted());
});

it('ends where dependencies run in a circle', () => {
  const relationships = dependencies([
    ['g1', 'journey:j1'],
    ['g2', 'g1'],
    ['g1', 'g2'],
  ]);
  expect([...relatedTo({ id: 'j1', steps: [] }, relationships)]).toEqual(['g1', 'g2']);
});

it('goes on from a step that depends on something itself', () => {
  const relationships = dependencies([
    ['journey_node:a', 'journey:j1'],
    ['g1', 'journey_node:a'],
  ]);
  const steps = [engineGuideline('journey_node:a')];
  expect([...relatedTo({ id: 'j1', steps }, relationships)]).toEqual(['journey_node:a', 'g1']);
});

describe('before a conversation is looked at closely', () => {
  const journeys = ['j1', 'j2'].map((id) => ({
    id,
    steps: [engineGuideline(`journey_node:${id}`, { journeyNodeOf: id })],
  }));
  const guidelines = [
    ...journeys.flatMap(({ steps }) => steps),
    engineGuideline('trigger', { tags: ['journey:j2'] }),
    engineGuideline('of j2'),
    engineGuideline('of both'),
    engineGuideline('of none'),
  ];
  const relationships = dependencies([
    ['of j2', 'journey:j2'],
    ['of both', 'journey:j1'],
    ['of both', 'journey:j2'],
  ]);

  it('what belongs only to journeys that are not likely is left out', () => {
    const kept = pruneByJourneys(guidelines, { journeys, likely: ['j1'], relationships });
    expect(kept.map(({ id }) => id)).toEqual(['journey_node:j1', 'trigger', 'of both', 'of none']);
  });

  it('nothing is left out if every journey is likely', () => {
    expect(pruneByJourneys(guidelines, { journeys, likely: ['j1', 'j2'], relationships })).toEqual(
      guidelines,
    );
  });

  it('journeys that were entered are the likely ones, also those that are over', async () => {
    const rank = () => Promise.reject(new Error('nobody need be asked'));
    const paths = { j1: [null], j2: ['2', null] };
    expect(await findLikelyJourneys(journeys, { paths, rank })).toEqual([journeys[1]]);
  });

  it('else the nearest one is', async () => {
    const rank = async () => [{ id: 'j2' }, { id: 'j1' }];
    expect(await findLikelyJourneys(journeys, { paths: { j1: [null] }, rank })).toEqual([journeys[1]]);
  });

  it('and none is, if nothing is near', async () => {
    expect(await findLikelyJourneys(journeys, { paths: {}, rank: async () => [] })).toEqual([]);
  });
});

/** Ids that begin with `tag` or `journey:` are of tags. */
function dependencies(pairs: readonly (readonly [string, string])[]): RelationshipIndex {
  return indexRelationships(
    pairs.map(([source, target], n) => ({
      id: `r${n}`,
      kind: 'dependency',
      source: toEnd(source),
      target: toEnd(target),
      groupId: null,
    })),
  );
}

function toEnd(id: string): RelationshipEnd {
  return id.startsWith('tag') || id.startsWith('journey:') ? tagEnd(id) : guidelineEnd(id);
}

import { expect, it } from 'vitest';
import type { EngineGuideline } from '../../src/engine/guideline.ts';
import { toReevaluate } from '../../src/engine/matching/reevaluation.ts';
import {
  guidelineEnd,
  indexRelationships,
  tagEnd,
} from '../../src/engine/relational-resolver/relationship-index.ts';
import type { ToolEvaluation } from '../../src/engine/turn-context.ts';
import type { RelationshipEnd } from '../../src/entities/collections/relationship.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly guidelines: readonly {
    readonly id: string;
    readonly tags?: readonly string[];
    readonly journeyNodeOf?: string;
  }[];
  readonly relationships: readonly { readonly source: RelationshipEnd; readonly tool: string }[];
  readonly evaluations: readonly (readonly [string, ToolEvaluation])[];
  readonly activeJourneys: readonly string[];
  readonly journeyGuidelines: Readonly<Record<string, readonly string[]>>;
};

it.each(readVectors<Case & { readonly expected: readonly string[] }>('guideline-matching', 'reevaluation'))(
  '$id $title',
  (vector) => {
    expect(run(vector).toSorted()).toEqual(vector.expected.toSorted());
  },
);

it('takes what carries the tag, if the source is a tag', () => {
  const ids = run({
    ...nothing,
    guidelines: [{ id: 'g1', tags: ['prices'] }, { id: 'g2' }],
    relationships: [{ source: tagEnd('prices'), tool: 's:t' }],
  });
  expect(ids).toEqual(['g1']);
});

it('takes a guideline for itself only, and not for the beginning of its id', () => {
  const ids = run({
    ...nothing,
    guidelines: [{ id: 'g1' }, { id: 'g10' }],
    relationships: [{ source: guidelineEnd('g1'), tool: 's:t' }],
  });
  expect(ids).toEqual(['g1']);
});

it('looks at a journey again only if no evaluation of the tool failed', () => {
  const journey = {
    ...nothing,
    guidelines: [{ id: 'journey_node:a:e1', journeyNodeOf: 'j1' }],
    relationships: [{ source: tagEnd('journey_node:a'), tool: 's:t' }],
    activeJourneys: ['j1'],
    journeyGuidelines: { j1: ['journey_node:a:e1'] },
  };
  expect(run(journey)).toEqual(['journey_node:a:e1']);
  const evaluations = [...nothing.evaluations, ['s:t', 'cannot_run']] as const;
  expect(run({ ...journey, evaluations })).toEqual([]);
});

it('takes each once, however many tools say so', () => {
  const ids = run({
    ...nothing,
    guidelines: [{ id: 'g1' }],
    relationships: ['s:t', 's:u'].map((tool) => ({ source: guidelineEnd('g1'), tool })),
    evaluations: [
      ['s:t', 'needs_to_run'],
      ['s:u', 'needs_to_run'],
    ],
  });
  expect(ids).toEqual(['g1']);
});

/** But a tool that ran. */
const nothing: Case = {
  guidelines: [],
  relationships: [],
  evaluations: [['s:t', 'needs_to_run']],
  activeJourneys: [],
  journeyGuidelines: {},
};

function run(vector: Case): readonly string[] {
  const guidelines = vector.guidelines.map(({ id, ...given }) => engineGuideline(id, given));
  const named = (ids: readonly string[] = []): readonly EngineGuideline[] =>
    ids.flatMap((id) => guidelines.find((guideline) => guideline.id === id) ?? []);
  return toReevaluate({
    usable: guidelines,
    relationships: indexRelationships(
      vector.relationships.map(({ source, tool }, n) => ({
        id: `r${n}`,
        kind: 'reevaluation',
        source,
        target: { type: 'tool', id: tool },
        groupId: null,
      })),
    ),
    evaluations: vector.evaluations,
    activeJourneys: vector.activeJourneys.map((id) => ({ id, steps: named(vector.journeyGuidelines[id]) })),
  }).map(({ id }) => id);
}

import { describe, expect, it } from 'vitest';
import { visibleGuidelines, visibleTo, type Viewer } from '../../src/entities/visibility.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly agent: Viewer;
  readonly guidelines: readonly { readonly id: string; readonly tags: readonly string[] }[];
  readonly journeys: readonly {
    readonly id: string;
    readonly triggers: readonly string[];
    readonly projected: readonly string[];
  }[];
  readonly expected: readonly string[];
};

describe('the guidelines an agent sees, as recorded', () => {
  it.each(readVectors<Case>('guideline-matching', 'guideline-visibility'))(
    '$id $title',
    ({ agent, guidelines, journeys, expected }) => {
      const projected = journeys.map((journey) => ({
        ...journey,
        projected: journey.projected.map((id) => ({ id, tags: [] })),
      }));
      const seen = visibleGuidelines(agent, guidelines, projected).map(({ id }) => id);
      expect(seen.toSorted()).toEqual([...expected].toSorted());
    },
  );
});

describe('what an agent sees', () => {
  const ann: Viewer = { id: 'ann', tags: ['sales'] };

  it('is what has no tag, its own tag or one of its tags, in order', () => {
    const things = [['sales', 'x'], [], ['x'], ['agent:ann'], ['agent:bob'], ['ann']].map((tags) => ({
      tags,
    }));
    expect(visibleTo(ann, things)).toEqual([things[0], things[1], things[3]]);
  });

  it('is also what has one of the tags that are named beside', () => {
    const things = [{ tags: ['guideline:g1'] }, { tags: ['guideline:g2'] }];
    expect(visibleTo(ann, things)).toEqual([]);
    expect(visibleTo(ann, things, { alsoTags: ['guideline:g2', 'journey:j1'] })).toEqual([things[1]]);
  });

  it('is each guideline once, however it is seen', () => {
    const trigger = { id: 'g1', tags: ['journey:j1', 'agent:ann'] };
    const step = { id: 'journey_node:n1', tags: ['journey:j1'] };
    const journeys = [{ id: 'j1', triggers: ['g1'], projected: [step, trigger] }];
    expect(visibleGuidelines(ann, [trigger], journeys)).toEqual([trigger, step]);
  });
});

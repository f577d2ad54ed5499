import { describe, expect, it } from 'vitest';
import type { GuidelineMatch } from '../../src/engine/guideline.ts';
import { askBack, toCandidates, type Ambiguity } from '../../src/engine/matching/disambiguation.ts';
import { engineGuideline } from '../support/engine-entities.ts';
import { readVectors } from '../support/vectors.ts';

type Given = {
  readonly guideline: string;
  readonly score?: number;
  readonly disambiguates?: readonly string[];
  readonly action?: string;
};

type Case = {
  readonly matches: readonly Given[];
  readonly expected: readonly {
    readonly guideline?: string;
    readonly transient?: true;
    readonly action?: string;
    readonly score: number;
  }[];
};

describe('what is ambiguous gives way to a question', () => {
  it.each(readVectors<Case>('guideline-matching', 'disambiguation-transform'))(
    '$id $title',
    ({ matches, expected }) => {
      const asked = askBack(matches.map(toMatch), matches.flatMap(toAmbiguity));
      expect(asked.map(show)).toHaveLength(expected.length);
      expect(asked.map(show)).toEqual(expect.arrayContaining([...expected]));
    },
  );

  it('the question has the condition of its source, and is not analysed later', () => {
    const source = engineGuideline('s', { action: null, condition: 'the customer wants a card' });
    const [match] = askBack(
      [],
      [{ source, targets: ['a'], action: 'ask which card', rationale: 'two cards' }],
    );
    expect(match).toMatchObject({
      rationale: 'two cards',
      guideline: {
        condition: source.condition,
        action: 'ask which card',
        criticality: 'medium',
        transient: true,
      },
    });
  });

  it('two questions are two guidelines', () => {
    const [s1, s2] = [engineGuideline('s1'), engineGuideline('s2')];
    const asked = askBack([], [ambiguity(s1, []), ambiguity(s2, [])]);
    expect(new Set(asked.map(({ guideline }) => guideline.id)).size).toBe(2);
  });
});

describe('what the customer may mean', () => {
  const journeys = [{ id: 'j1', title: 'Order a card', triggers: ['a', 'b', 'c'] }];

  it('is each target by itself', () => {
    const targets = [engineGuideline('x'), engineGuideline('y')];
    expect(toCandidates(targets, []).map(({ shown }) => shown)).toEqual([
      { n: '1', condition: 'condition of x', action: 'action of x' },
      { n: '2', condition: 'condition of y', action: 'action of y' },
    ]);
  });

  it('is a journey once, however many of its triggers are targets, and keeps all of them from applying', () => {
    const tags = ['vip', 'journey:j1'];
    const targets = [
      engineGuideline('a', { tags }),
      engineGuideline('x', { tags: ['vip'] }),
      engineGuideline('b', { tags }),
    ];
    const candidates = toCandidates(targets, journeys);
    expect(candidates.map(({ shown }) => shown)).toEqual([
      { n: '1', condition: 'condition of a or condition of b', action: 'Order a card' },
      { n: '2', condition: 'condition of x', action: 'action of x' },
    ]);
    expect(candidates[0]?.guidelineIds).toEqual(['a', 'b', 'c']);
  });

  it('is shown in the words that were found for it when it was written', () => {
    const target = engineGuideline('x', {
      metadata: { agent_intention_condition: 'you are about to order', internal_action: 'order the card' },
    });
    expect(toCandidates([target], [])[0]?.shown).toEqual({
      n: '1',
      condition: 'you are about to order',
      action: 'order the card',
    });
  });
});

function toMatch({ guideline, score = 10 }: Given): GuidelineMatch {
  return { guideline: engineGuideline(guideline), score, rationale: '' };
}

function toAmbiguity({ guideline, disambiguates, action = '' }: Given): readonly Ambiguity[] {
  return disambiguates ? [{ ...ambiguity(engineGuideline(guideline), disambiguates), action }] : [];
}

function ambiguity(source: Ambiguity['source'], targets: readonly string[]): Ambiguity {
  return { source, targets, action: 'ask', rationale: '' };
}

function show({ guideline, score }: GuidelineMatch): Case['expected'][number] {
  return guideline.transient
    ? { transient: true, action: guideline.action ?? '', score }
    : { guideline: guideline.id, score };
}

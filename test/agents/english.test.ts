import { describe, expect, it } from 'vitest';
import { termsOf, wordsOf } from '../../src/agents/knowledge/english.ts';
import { intentsIn } from '../../src/agents/knowledge/section-intent.ts';
import { stemEnglish } from '../../src/agents/knowledge/stem-english.ts';
import { toWordGroups } from '../../src/agents/knowledge/word-groups.ts';

describe('words', () => {
  it.each([
    ['Anaemia', 'anemia'],
    ['oedema', 'edema'],
    ['programmes', 'programs'],
    ['randomised', 'randomized'],
    ['colour', 'color'],
    ['naïve', 'naive'],
    ['carer’s', 'carer'],
    ['three', '3'],
  ])('%s is the same as %s', (one, other) => {
    expect(termsOf(one)).toEqual(termsOf(other));
  });

  it('leave nothing of what says nothing', () => {
    expect(termsOf("What is it that you don't know about this?")).toEqual([]);
  });

  it('may be of any script', () => {
    expect(wordsOf('Ärzte, врачи 医者 3a')).toEqual(['arzte', 'врачи', '医者', '3a']);
  });
});

describe('stems', () => {
  // Pairs from the algorithm's publication, and words of one family.
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['motoring', 'motor'],
    ['conflated', 'conflat'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['relational', 'relat'],
    ['vietnamization', 'vietnam'],
    ['hopefulness', 'hope'],
    ['formality', 'formal'],
    ['electrical', 'electr'],
    ['adjustment', 'adjust'],
    ['adoption', 'adopt'],
    ['controlling', 'control'],
    ['sky', 'sky'],
    ['bleed', 'bleed'],
  ])('%s is %s', (word, stem) => {
    expect(stemEnglish(word)).toBe(stem);
  });

  it('leave numbers and other scripts alone', () => {
    expect(['2021', '3a', 'врачи'].map((word) => stemEnglish(word))).toEqual(['2021', '3a', 'врачи']);
  });
});

describe('intents', () => {
  const intentOf = (text: string) => intentsIn(wordsOf(text).map(stemEnglish)).map(({ intent }) => intent);

  it.each([
    ['How is it treated?', ['treatment']],
    ['which signs are there', ['symptoms']],
    ['Who can get it and what does it cost?', ['eligibility', 'cost']],
    ['Side effects of the medicines', ['sideEffects']],
    ['Nothing of the kind', []],
  ])('%s: %j', (text, intents) => {
    expect(intentOf(text)).toEqual(intents);
  });
});

describe('groups of words', () => {
  it.each([
    'One.',
    'Two words',
    'A, b, c, d. And more\n\nafter a line end: yes.',
    ' spaces  kept ',
    'x'.repeat(9_000),
  ])('put together are the text again: %.20j', (text) => {
    expect(toWordGroups(text).join('')).toBe(text);
  });

  it('end at punctuation if they can', () => {
    expect(toWordGroups('When symptoms appear, they are mild and pass away by themselves in time.')).toEqual([
      'When symptoms appear, ',
      'they are mild and pass away by ',
      'themselves in time.',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { stemEnglish } from '../../../src/nlp/lexical/stem-english.ts';

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

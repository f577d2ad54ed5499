import { describe, expect, it } from 'vitest';
import { termsOf, wordsOf } from '../../src/agents/knowledge/english.ts';
import { intentsIn } from '../../src/agents/knowledge/section-intent.ts';
import { stemEnglish } from '../../src/nlp/lexical/stem-english.ts';

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

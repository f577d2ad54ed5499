import { describe, expect, it } from 'vitest';
import { toWordGroups } from '../../../src/nlp/lexical/word-groups.ts';

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

/** Who does not know has said neither yes nor no. */
import { expect, it } from 'vitest';
import { yesOrNo } from '../../../src/nlp/offline/reading/yes-or-no.ts';

it.each([
  ["I don't know", undefined],
  ['I do not really know', undefined],
  ['no idea', undefined],
  ["I'm not sure", undefined],
  ["I can't remember", undefined],
  ["I don't", 'no'],
  ["I don't have one", 'no'],
  ["I don't know him", 'no'],
  ['no', 'no'],
])('%j: %j', (text, answer) => {
  expect(yesOrNo(text)).toBe(answer);
});

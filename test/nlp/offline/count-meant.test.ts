/** Counts that are told without a number. */
import { expect, it } from 'vitest';
import { countMeant } from '../../../src/nlp/offline/values/count-meant.ts';

it.each([
  ['all of them', 'How many of them do you find, from 0 to 4?', '4'],
  ['I can see all of them', 'There are three lamps. How many of the three are on?', '3'],
  ['none', 'How many of the lamps are on, 0 to 5?', '0'],
  ['Both!', 'How many of the lamps are on?', '2'],
  ['all of them', 'How many lamps are there?', undefined],
  ['all of them', 'Which of the 3 lamps are on?', undefined],
  ['not all of them', 'How many of them do you find, from 0 to 4?', undefined],
])('%j, where was asked %j', (said, asked, count) => {
  expect(countMeant(said, asked)).toBe(count);
});

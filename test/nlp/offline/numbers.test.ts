/** Numbers as people write them. */
import { expect, it } from 'vitest';
import { numbersIn } from '../../../src/nlp/offline/values/numbers.ts';

it.each([
  ['2.500,50 euros', [2500.5]],
  ['1.234.567,8', [1234567.8]],
  ['2,500.50 dollars', [2500.5]],
  ['2.5 and 3,000', [2.5, 3000]],
  ['between 1.5, 2.5 and 3', [1.5, 2.5, 3]],
])('%j', (text, numbers) => {
  expect(numbersIn(text).map(({ value }) => value)).toEqual(numbers);
});

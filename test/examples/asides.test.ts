/** What is asked in between changes nothing of what was told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isInquiry } from '../../src/nlp/offline/tools/asides.ts';
import { type Examples, startExamples } from '../support/examples.ts';

let examples: Examples;
beforeAll(async () => {
  examples = await startExamples();
});
afterAll(() => examples[Symbol.asyncDispose]());

const last = async (...texts: readonly string[]) =>
  (await examples.talk('medical_welfare', ['What am I entitled to?', ...texts])).at(-1)?.text;

it('keeps what was chosen when another choice is asked about', async () => {
  expect(await last('lost wages', 'What is home care?', 'yes')).toContain('There is sick pay');
});

it('takes what is chosen anew', async () => {
  expect(await last('lost wages', 'Sorry, I meant food', 'yes')).toContain(
    'There is the nutrition programme',
  );
  expect(await last('lost wages', 'What about food?', 'yes')).toContain('There is the nutrition programme');
});

it.each([
  ['What is home care?', true],
  ['and how does dialysis work?', true],
  ['What about food?', false],
  ['Can I have the other one?', false],
  ['food. What is that?', false],
  ['food', false],
])('%j is asked out of curiosity: %j', (text, is) => {
  expect(isInquiry(text)).toBe(is);
});

/** Which questions end what was talked about, so that nobody answers them with a value. */
import { expect, it } from 'vitest';
import { isClosing } from '../../../src/nlp/offline/reading/follow-up.ts';

it.each([
  ['Is there anything else I can help you with?', true],
  ['Great. Do you need something else?', true],
  ['How can I help you?', true],
  ['Which animal is it: a cat, a dog, or something else?', false],
  ['Is it a cat, a dog or something else?', false],
])('%j: %j', (text, closes) => {
  expect(isClosing({ speaker: 'agent', text, at: 0 })).toBe(closes);
});

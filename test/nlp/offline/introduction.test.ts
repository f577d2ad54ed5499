/** Who an agent says it is. */
import { expect, it } from 'vitest';
import { introduce } from '../../../src/nlp/offline/messages/introduction.ts';
import { smallTalkIn } from '../../../src/nlp/offline/reading/small-talk.ts';

it.each([
  ['Sells tools. Calm and kind.', 'I am Rake, a program that sells tools.'],
  ['A guide to gardens', 'I am Rake, a program: a guide to gardens.'],
  ['You are a salesman. Never speak of discounts.', 'I am Rake, a program.'],
  ['Never speaks of discounts.', 'I am Rake, a program.'],
  ['Friendly', 'I am Rake, a program.'],
  [null, 'I am Rake, a program.'],
])('by its description: %j', (description, text) => {
  expect(introduce({ agent: { id: 'rake', name: 'Rake', description } })).toBe(text);
});

it.each(['Who are you?', 'are you human', "What's your name?", 'who am I talking to?', 'Are you an AI?'])(
  'is asked by %j',
  (text) => {
    expect(smallTalkIn(text)).toBe('identity');
  },
);

/** Customers who speak of something else than they are asked: no agent asks, or says, the same for ever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Examples, startExamples } from '../support/examples.ts';

let examples: Examples;

beforeAll(async () => {
  examples = await startExamples();
});
afterAll(() => examples[Symbol.asyncDispose]());

/** The longest run of one text. */
async function longestRun(agentId: string, texts: readonly string[]): Promise<number> {
  const said = await examples.talk(agentId, texts);
  let [longest, run] = [0, 0];
  for (const [at, { text }] of said.entries()) {
    run = at > 0 && text === said[at - 1]?.text ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

describe('a customer who speaks of something else', () => {
  it.each([
    ['medical_welfare', 'What am I entitled to?', 'something for my dog', 'purple'],
    ['medical_welfare', 'What am I entitled to?', "I can't get to my treatment", 'yes I have one'],
    ['medical_welfare', 'Work out my sick pay', 'purple', 'something for my dog'],
    ['research_paper', 'I want to check a paper', 'a cohort study', 'purple'],
    ['research_paper', 'I want to check a paper', 'purple', 'green'],
  ])('hears nothing more than twice from %s: %j, %j, %j', async (agent, ...texts) => {
    const others = [
      'I am very angry, nobody helps me',
      'You are stupid',
      'whatever',
      'The moon is full',
      'My shoes are too small',
      'bah',
    ];
    expect(await longestRun(agent, [...texts, ...others])).toBeLessThanOrEqual(2);
  });

  it('is let go by a tool that still lacks something', async () => {
    const texts = ['What am I entitled to?', 'something for my dog', 'purple', 'green', 'blue', 'The moon'];
    const said = await examples.talk('medical_welfare', [...texts, 'Who pays for dialysis?']);
    expect(said.at(-1)?.text).toMatch(/^Dialysis cost support/);
    expect(said.at(-1)?.text).not.toContain('What do you need help with?');
  });

  it('begins anew with another one in the middle of one', async () => {
    const texts = ['I want to check a paper', 'a cohort study', 'purple', 'I want to check another paper'];
    const [asked, , , again, listed] = await examples.talk('research_paper', [...texts, 'a trial']);
    expect(again?.text).toBe(asked?.text);
    expect(listed?.text).toMatch(/^Then look for four things: chance decided/);
  });

  it.each([
    ['research_paper', 'I want to check a paper', 'what do you mean by observational?', /^Then look/],
    ['medical_welfare', 'What am I entitled to?', 'what is home care?', /^Do you have a letter/],
  ])(
    'has not chosen from %s what they ask the meaning of: %j, %j',
    async (agent, wish, question, onwards) => {
      const [, asked] = await examples.talk(agent, [wish, question]);
      expect(asked?.text).not.toMatch(onwards);
    },
  );

  it('who does not know is asked once more', async () => {
    const [asked, again, then] = await examples.talk('medical_welfare', [
      'What am I entitled to?',
      "I don't know",
      'food',
    ]);
    expect(again?.text).toBe(asked?.text);
    expect(then?.text).toMatch(/^Do you have a letter/);
  });

  it('does not take up an ended journey with a question', async () => {
    const texts = [
      'What am I entitled to?',
      'food',
      'yes',
      'What is the appeal deadline?',
      'What is home care?',
    ];
    const said = await examples.talk('medical_welfare', texts);
    for (const { text } of said.slice(3)) expect(text).not.toMatch(/Do you have a letter|need help with/);
  });
});

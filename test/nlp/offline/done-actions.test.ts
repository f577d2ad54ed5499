/** What an agent was told to do once is done once: it is not said again in halves, and never instead of an answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../../src/sdk/server.ts';
import { type House, openHouse } from '../../systems/conversations/walk.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse((options) => {
    const server = createServer(options);
    const agent = server.createAgent({
      name: 'Tool shop',
      description: 'Sells tools for gardens, and answers questions about them.',
    });
    agent.createGuideline({
      condition: 'The customer is angry',
      action: 'Apologise and offer a refund',
    });
    agent.createGuideline({
      condition: 'The customer wants to return something',
      action: 'Apologise and ask for the order number',
    });
    return server;
  });
});
afterAll(() => house[Symbol.asyncDispose]());

async function answers(...texts: readonly string[]): Promise<readonly (string | null)[]> {
  const customer = await house.enter();
  const said: (string | null)[] = [];
  for (const text of texts) said.push((await customer.say(text)).answer);
  return said;
}

describe('what an agent has done', () => {
  it('is not offered again to who speaks of something else', async () => {
    const [offered, aside, thanked] = await answers(
      "this is terrible, I'm furious!",
      'What colour is the sky?',
      'thanks',
    );
    expect(offered).toBe("I'm sorry. Would you like a refund?");
    expect(aside).toMatch(/don't have an answer/);
    expect(thanked).toMatch(/^You're welcome/);
  });

  it('is not half of an answer to something else', async () => {
    const [asked, aside] = await answers('I want to return a rake', 'What colour is the sky?');
    expect(asked).toBe("I'm sorry. What is the order number?");
    expect(aside).not.toMatch(/^I'm sorry\.$/);
  });
});

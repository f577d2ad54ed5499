/**
 * The offline provider in trades that nobody had in mind: each agent is a few lines, and customers say what they want in words of their
 * own. What it is for is found, and what it is not for is not.
 */
import { describe, expect, it } from 'vitest';
import { createOfflineNlp } from '../../src/nlp/offline/offline-nlp.ts';
import type { Situation } from '../../src/nlp/questions/situation.ts';

type Trade = {
  readonly agent: string;
  readonly conditions: readonly string[];
  /** What is said, and the numbers of the conditions that then hold. */
  readonly said: readonly (readonly [text: string, holding: readonly number[]])[];
};

const trades: readonly Trade[] = [
  {
    agent: 'a library',
    conditions: [
      'The reader wants to renew a loan',
      'The reader asks about opening hours',
      'The reader has lost a book, or damaged it',
      'The reader wants to join the library',
    ],
    said: [
      ['Could I keep it longer? I want to extend the loan', [0]],
      ['what time do you close tonight', [1]],
      ["I can't find the book I borrowed", [2]],
      ['I lost the book on the train', [2]],
      ['How do I sign up for the library?', [3]],
      ['I do not want to renew my loan', []],
      ['Which planet is the largest?', []],
    ],
  },
  {
    agent: 'a workshop',
    conditions: [
      'The customer wants a bicycle repaired',
      'The customer asks what a repair costs',
      'The customer wants to cancel an order',
      'The customer complains, or is angry',
    ],
    said: [
      ['Can you fix my bicycle?', [0]],
      ['how much is a repair', [1]],
      ['I need to call off my order', [2]],
      ['This is unacceptable, I am fed up!', [3]],
      ['Tell me about whales', []],
    ],
  },
  {
    agent: 'a courier',
    conditions: [
      'The customer asks where a parcel is',
      'The customer wants to change the address of a delivery',
      'The customer wants to return something',
      'The customer wants to talk to a person',
    ],
    said: [
      ['where is my parcel?', [0]],
      ['I want to correct the address of my delivery', [1]],
      ['I want to return these shoes', [2]],
      ['is there somebody I can talk to?', [3]],
      ["I don't want to talk to a bot, give me a real person", [3]],
      ['What is seven times eight?', []],
    ],
  },
];

function situationOf({ agent, conditions }: Trade, message: string): Situation {
  return {
    agent: { id: 'agent', name: agent, description: null },
    customer: { id: 'guest', name: 'Guest' },
    interaction: [{ event_kind: 'message', event_source: 'user', data: { participant: 'Guest', message } }],
    terms: [],
    variables: [],
    capabilities: [],
    staged: [],
    scope: { conditions, journeys: [] },
  };
}

const nlp = createOfflineNlp();

describe.each(trades)('$agent', (trade) => {
  it.each(trade.said)('“%s”', async (text, holding) => {
    const guidelines = trade.conditions.map((condition, at) => ({
      n: String(at),
      condition,
      action: 'Help',
      description: null,
    }));
    const input = { situation: situationOf(trade, text), guidelines };
    const { answer } = await nlp.ask('actionable', input, {
      signal: AbortSignal.timeout(5_000),
      temperature: 0,
    });
    expect(answer.checks.flatMap(({ n, applies }) => (applies ? [Number(n)] : []))).toEqual(holding);
  });
});

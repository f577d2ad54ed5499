/**
 * Two agents of different trades talk with customers who word things in their own way, without any model: over HTTP, from the greeting to
 * the colleague who takes over. Every turn of `conversations/` is said in five wordings. Five customers keep to a manner each; five more
 * change it from turn to turn, so that a wording also follows others than its like.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBank } from '../../docs/examples/bank-card.ts';
import { createPractice } from '../../docs/examples/healthcare.ts';
import { bankCard } from './conversations/bank-card.ts';
import type { ExpectedTurn, ToldConversation } from './conversations/conversation.ts';
import { healthcare } from './conversations/healthcare.ts';
import { type Customer, type House, openHouse, type Outcome } from './conversations/walk.ts';

const wordings = [0, 1, 2, 3, 4] as const;

/** By how many wordings a customer goes on from turn to turn. */
const manners = [
  { step: 0, name: 'by customers who keep to their manner' },
  { step: 2, name: 'by customers who change it' },
];

const agents = [
  { name: 'docs/examples/healthcare.ts', create: createPractice, conversations: healthcare },
  { name: 'docs/examples/bank-card.ts', create: createBank, conversations: bankCard },
];

describe.each(agents)('$name, without a model', ({ create, conversations }) => {
  let shared: House;
  beforeAll(async () => {
    shared = await openHouse(create);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  describe.each(conversations)('$title', (conversation) => {
    it.each(manners)('is understood in five wordings, $name', { timeout: 60_000 }, async ({ step }) => {
      const told = await Promise.all(
        wordings.map(async (first) => {
          if (!conversation.isAlone)
            return walk(conversation, { customer: await shared.enter(), first, step });
          await using house = await openHouse(create);
          return await walk(conversation, { customer: await house.enter(), first, step });
        }),
      );
      expect(told.flat().filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    });
  });
});

type Walking = {
  readonly customer: Customer;
  readonly first: number;
  readonly step: number;
};

type Told = { readonly turn: string; readonly outcome: Outcome; readonly wrong: readonly string[] };

async function walk(
  { turns }: ToldConversation,
  { customer, first, step }: Walking,
): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const [at, expected] of turns.entries()) {
    const outcome = await customer.say(expected.says[(first + at * step) % wordings.length] ?? '');
    told.push({ turn: expected.turn, outcome, wrong: wrongIn(outcome, expected) });
  }
  return told;
}

/** What does not hold, in words. */
function wrongIn(outcome: Outcome, { answer, never, calls = [], step }: ExpectedTurn): readonly string[] {
  const { answer: said, steps, errors } = outcome;
  return [
    ...(fits(said, answer) ? [] : [`it should have answered ${shown(answer)}`]),
    ...(never?.test(said ?? '') ? [`it should not have said ${shown(never)}`] : []),
    ...(areCalled(outcome, calls)
      ? []
      : [`it should have called ${JSON.stringify(calls.map(({ tool }) => tool))}`]),
    ...(steps.join() === (step ?? '') ? [] : [`its step should have been "${step ?? 'none'}"`]),
    ...errors,
  ];
}

function fits(said: string | null, answer: ExpectedTurn['answer']): boolean {
  if (answer === null || typeof answer === 'string') return said === answer;
  return said !== null && [answer].flat().every((form) => form.test(said));
}

function areCalled({ calls }: Outcome, expected: NonNullable<ExpectedTurn['calls']>): boolean {
  return (
    calls.length === expected.length &&
    expected.every(({ tool, args }, at) => calls[at]?.tool === tool && areGiven(calls[at].args, args))
  );
}

function areGiven(
  given: Readonly<Record<string, unknown>>,
  expected: NonNullable<ExpectedTurn['calls']>[number]['args'],
): boolean {
  const names = new Set([...Object.keys(given), ...Object.keys(expected)]);
  return [...names].every((name) => {
    const wanted = expected[name];
    return wanted instanceof RegExp ? wanted.test(String(given[name])) : given[name] === wanted;
  });
}

function shown(what: ExpectedTurn['answer']): string {
  return what === null || typeof what === 'string' ? JSON.stringify(what) : [what].flat().join(' and ');
}

/** The agent of the engine's rows, of the size that `docs/performance.md` tells of, and what its customers say. */
import { z } from 'zod';
import type { DefinedAgent } from '../../src/sdk/agent.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import { tool } from '../../src/tools/define-tool.ts';

const things = [
  'invoice',
  'refund',
  'parcel',
  'voucher',
  'subscription',
  'address',
  'password',
  'newsletter',
  'discount',
  'warranty',
] as const;

const matters = [
  'asks about',
  'wants to change',
  'complains about',
  'wants to cancel',
  'has lost',
  'compares',
  'asks for a copy of',
  'wants to renew',
  'asks when to expect',
  'wants to give away',
] as const;

/** 100 guidelines, 10 of them with a tool, 3 journeys of six states, 10 terms, 5 responses. */
export function writeShop(server: DefinedServer): void {
  const agent = server.createAgent({
    id: 'shop',
    name: 'Shop',
    description: 'Answers the customers of a shop.',
    performancePolicy: 'null',
  });
  for (const thing of things) describeThing(agent, thing);
  for (const matter of ['appointment', 'return', 'complaint']) describeJourney(agent, matter);
  for (const template of responses) agent.createCannedResponse({ template });
}

function describeThing(agent: DefinedAgent, thing: string): void {
  const find = tool({
    name: `find_${thing}`,
    description: `Looks up how the ${thing} stands`,
    parameters: z.object({ number: z.number().meta({ description: `The number of the ${thing}` }) }),
    handler: ({ number }) => ({ thing, number, state: 'on its way' }),
  });
  for (const [n, matter] of matters.entries()) {
    agent.createGuideline({
      condition: `The customer ${matter} the ${thing}`,
      action: `Say what can be done about the ${thing}, and how long it takes`,
      ...(n === 0 && { tools: [find] }),
    });
  }
  agent.createTerm({ name: thing, description: `The ${thing} of a customer`, synonyms: [`${thing} number`] });
}

function describeJourney(agent: DefinedAgent, matter: string): void {
  const journey = agent.createJourney({
    title: `Arrange a ${matter}`,
    description: `Arranges a ${matter}, step by step`,
    conditions: [`The customer wants to arrange a ${matter}`],
  });
  const day = journey.initialState.transitionTo({ chatState: `Ask for the day of the ${matter}` });
  const time = day.target.transitionTo({
    condition: 'The customer has told the day',
    chatState: 'Ask for the time',
  });
  const name = time.target.transitionTo({
    condition: 'The customer has told the time',
    chatState: 'Ask for the name',
  });
  const sure = name.target.transitionTo({ chatState: 'Sum up, and ask whether all is right' });
  const done = sure.target.transitionTo({
    condition: 'The customer agrees',
    chatState: 'Say that it is arranged',
  });
  sure.target.transitionTo({ condition: 'The customer does not agree', state: day.target });
  done.target.transitionTo({ state: END_JOURNEY });
}

const responses = [
  'We are open from nine to five.',
  'You find us at 12 Harbor Street.',
  'Our number is 555-0142.',
  'A colleague will call you back.',
  'You are welcome. Have a nice day!',
] as const;

/** How long a conversation is. */
export const turnsPerConversation = 10;

/** What a customer says in a turn; no two say the same. */
export function sayingOf(customer: number, turn: number): string {
  const thing = things[customer % things.length];
  const number = 1_000 + customer;
  const day = days[customer % days.length];
  const hour = 8 + (customer % 10);
  return [
    `Hello, I am customer ${number}. When are you open?`,
    `What about my ${thing} ${number + 7}?`,
    'I want to arrange an appointment.',
    `On ${day}, please.`,
    `At ${hour} o'clock would be best, or at ${hour + 1}.`,
    `My name is Ann Miller ${number}.`,
    'Yes, that is right.',
    `I have lost my ${things[(customer + 3) % things.length]}, and I want to cancel the ${thing}.`,
    `And what about order ${number * 3}, which I sent back on ${day}?`,
    'Thanks, goodbye!',
  ][turn % turnsPerConversation] as string; // there are so many
}

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;

/**
 * The agent of a bank for its cards, complete: cards are blocked, replaced and announced abroad, limits raised, payments and fees looked
 * up. Run it with `npx node docs/examples/bank-card.ts`. In a program of your own, `../../src/index.ts` is the package:
 * `import { createServer, tool } from 'colloquy'`.
 *
 * It is built otherwise than healthcare.ts: most of what it does are guidelines with tools that ask for what they need, one journey leads
 * to an order, and its prices come from a retriever. Bank, cards and numbers are made up.
 */
import { z } from 'zod';
import {
  createServer,
  type DefinedAgent,
  type DefinedServer,
  END_JOURNEY,
  loadSettings,
  type ServerOptions,
  tool,
  toolResult,
} from '../../src/index.ts';

/** A server with this agent, ready to be started, or to be embedded (`define()`). */
export function createBank(options: ServerOptions = {}): DefinedServer {
  const server = createServer({ source: 'bank-card', ...options });
  const agent = server.createAgent({
    id: 'bank-card',
    name: 'Northbridge Bank',
    description: 'Answers for the card service of a bank: calm, exact, and careful with what is secret.',
  });
  const tools = createTools();
  describeWords(agent);
  describeAnswers(server, agent, tools);
  describeLimits(server, agent, tools);
  const replacement = leadToReplacement(server, agent, tools);

  // Money is at risk: these come first, and an order can wait.
  const [loss, fraud] = describeLoss(server, agent, tools);
  loss.prioritizeOver(replacement);
  fraud.prioritizeOver(replacement);
  return server;
}

/** What the bank's computers know and do. Yours would ask the systems of the bank. */
function createTools() {
  const cards = ['debit card 4417', 'credit card 9032'];
  const payments = new Map([
    ['Blue Fern Books', '24.90 euros on 3 March, booked'],
    ['Harbor Hotel', '310.00 euros on 5 March, reserved; the hotel has seven days to take it'],
    ['City Transit', '3.20 euros on 6 March, declined, because the reader was offline'],
  ]);
  const blocked = new Set<string>();

  const blockCard = tool({
    name: 'block_card',
    description: 'Blocks a card at once, so that nobody can pay with it',
    consequential: true, // a blocked card stays blocked
    parameters: z.object({
      card: z.string().meta({
        description: 'The card to block',
        displayName: 'card',
        significance: 'It is blocked at once.',
      }),
    }),
    choices: { card: () => cards },
    handler({ card }) {
      blocked.add(card);
      return toolResult({ data: { blocked: card }, cannedResponseFields: { blocked: card } });
    },
  });

  const findPayment = tool({
    name: 'find_payment',
    description: 'How a payment with one of the cards stands',
    parameters: z.object({
      shop: z.string().meta({ description: 'Whom the payment went to', displayName: 'shop' }),
    }),
    choices: { shop: () => [...payments.keys()] },
    handler({ shop }) {
      const status = payments.get(shop) ?? 'not found';
      return toolResult({ data: { shop, status }, cannedResponseFields: { shop, status } });
    },
  });

  const raiseLimit = (kind: 'spending' | 'withdrawal', highest: number) =>
    tool({
      name: `raise_${kind}_limit`,
      description: `Raises the ${kind} limit`,
      consequential: true,
      parameters: z.object({
        amount: z.number().meta({
          description: 'The new limit in euros',
          displayName: 'new limit',
          significance: `It can be up to ${highest} euros.`,
        }),
      }),
      handler({ amount }) {
        const isRaised = amount <= highest;
        return toolResult({
          data: { isRaised, amount },
          cannedResponseFields: { isRaised, amount, highest },
        });
      },
    });

  const announceTrip = tool({
    name: 'announce_trip',
    description: 'Opens the cards for a country for some days',
    parameters: z.object({
      country: z.string().meta({ description: 'Where the trip goes', precedence: 1 }),
      from: z.iso.date().meta({ description: 'The first day', displayName: 'first day', precedence: 2 }),
      until: z.iso.date().meta({ description: 'The last day', displayName: 'last day', precedence: 3 }),
    }),
    handler: ({ country, from, until }) =>
      toolResult({ data: { country, from, until }, cannedResponseFields: { country, from, until } }),
  });

  const orderCard = tool({
    name: 'order_card',
    description: 'Orders a new card in the place of an old one',
    consequential: true,
    parameters: z.object({
      card: z.string().meta({ description: 'The card to replace' }),
      reason: z
        .enum(['damaged', 'lost', 'stolen', 'expiring'])
        .meta({ description: 'What is wrong with it' }),
      address: z.string().meta({ description: 'The address to send it to' }),
    }),
    choices: { card: () => cards },
    handler: ({ card, reason, address }) =>
      toolResult({ data: { card, reason, address }, cannedResponseFields: { ordered: card, address } }),
  });

  const callStaff = tool({
    name: 'call_staff',
    description: 'Hands the conversation over to a person',
    handler: () => toolResult({ data: 'A colleague was called', control: { mode: 'manual' } }),
  });

  return {
    blockCard,
    findPayment,
    raiseSpending: raiseLimit('spending', 5_000),
    raiseWithdrawal: raiseLimit('withdrawal', 1_000),
    announceTrip,
    orderCard,
    callStaff,
  };
}

type Tools = ReturnType<typeof createTools>;

/** The glossary: what words mean here, and what else customers call the same. */
function describeWords(agent: DefinedAgent): void {
  agent.createTerm({
    name: 'spending limit',
    description: 'How much can be paid with the cards in a month, in shops and online',
    synonyms: ['payment limit', 'shopping limit', 'purchase limit', 'limit for purchases', 'credit limit'],
  });
  agent.createTerm({
    name: 'withdrawal limit',
    description: 'How much cash can be taken from machines in a day',
    synonyms: ['cash limit', 'ATM limit', 'limit at the machine', 'limit for cash'],
  });
  agent.createTerm({
    name: 'payment',
    description: 'Money that went, or is to go, from a card to a shop',
    synonyms: ['transaction', 'purchase', 'charge', 'booking'],
  });
  agent.createTerm({
    name: 'declined',
    description: 'The shop did not get the money',
    synonyms: ['failed', 'refused', 'rejected', 'did not go through', 'did not work'],
  });
  agent.createTerm({
    name: 'fee',
    description: 'What the bank takes for a service',
    synonyms: ['cost', 'price', 'commission', 'charges', 'free of charge', 'for free'],
  });
  agent.createTerm({
    name: 'PIN',
    description: 'The secret number of a card; nobody at the bank knows it',
    synonyms: ['secret number', 'pin code', 'pin number'],
  });
  agent.createTerm({
    name: 'fraud',
    description: 'Somebody else uses a card or its number',
    synonyms: [
      'scam',
      'hacked',
      'unauthorised',
      'unauthorized',
      'suspicious',
      'not me',
      'not mine',
      'is using my card',
      'missing from my account',
      'spending my money',
    ],
  });
  agent.createTerm({
    name: 'abroad',
    description: 'Outside of this country',
    synonyms: ['foreign country', 'another country', 'overseas'],
  });
  agent.createTerm({
    name: 'trip',
    description: 'Days abroad on which the cards are to work',
    synonyms: ['travel', 'journey', 'holiday', 'vacation', 'flying'],
  });
  agent.createTerm({
    name: 'block',
    description: 'Make a card useless for everybody',
    synonyms: ['freeze', 'lock', 'stop', 'deactivate'],
  });
  agent.createTerm({
    name: 'lost',
    description: 'Nobody knows where it is',
    synonyms: ['gone', 'left behind', 'missing', 'disappeared'],
  });
  agent.createTerm({
    name: 'stolen',
    description: 'Somebody else has it',
    synonyms: ['took my', 'taken', 'robbed', 'pickpocket'],
  });
  agent.createTerm({
    name: 'new card',
    description: 'A card that takes the place of an old one',
    synonyms: ['replacement', 'replacement card', 'another card', 'second card'],
  });
}

/** What a question about prices is answered from. Yours might be a search in documents. */
const prices = [
  'The debit card is free; the credit card has a yearly fee of 40 euros.',
  'Cash from our own machines is free; at machines of other banks the fee is 4 euros.',
  'Abroad, payments in another currency have a fee of 1.5 percent of the amount.',
  'A replacement for a lost or damaged card has a fee of 10 euros; for a stolen one it is free.',
];

/** What it answers and does outside of journeys. */
function describeAnswers(
  server: DefinedServer,
  agent: DefinedAgent,
  { findPayment, announceTrip, callStaff }: Tools,
): void {
  const say = (template: string) => [server.createCannedResponse({ template })];
  agent.createCapability({
    title: 'Block and replace cards',
    description: 'Block a card that is lost or stolen, and order a new one',
  });
  agent.createCapability({
    title: 'Raise limits',
    description: 'Raise the spending limit or the withdrawal limit',
    signals: ['I need to pay more than I can'],
  });

  agent
    .createGuideline({
      condition: 'The customer asks about fees, or what something costs',
      action: 'Tell the fee',
    })
    .attachRetriever(async () => ({ data: prices }), 'prices');
  agent.createGuideline({
    condition:
      'The customer asks about the status of a payment, or says that a payment was declined or failed',
    action: 'Look the payment up, and tell how it stands',
    tools: [findPayment],
    cannedResponses: say('Your payment to {{shop}}: {{status}}.'),
  });
  agent.createGuideline({
    condition: 'The customer is going on a trip, or wants to pay abroad, or wants to use a card abroad',
    action: 'Open the cards for the trip',
    tools: [announceTrip],
    cannedResponses: say('Your cards work in {{country}} from {{from}} to {{until}}. Have a good trip!'),
  });
  agent.createGuideline({
    condition: 'The customer asks for a PIN, or tells a PIN or a password',
    action: 'Say that a PIN is never told here, and where the customer can see it',
    criticality: 'high',
    cannedResponses: say('A PIN is never told or asked for here. You can see it in the app, under “Cards”.'),
  });
  agent.createGuideline({
    condition: 'The customer wants to talk to a person, or complains',
    action: 'Say that a colleague takes over',
    tools: [callStaff],
    cannedResponses: say('I have called a colleague, who will answer you here.'),
  });
}

/** "Limit" alone may mean two things: it asks which. */
function describeLimits(
  server: DefinedServer,
  agent: DefinedAgent,
  { raiseSpending, raiseWithdrawal }: Tools,
): void {
  const raised = (kind: string) => [
    server.createCannedResponse({
      template:
        `{% if isRaised %}Your ${kind} limit is now {{amount}} euros.` +
        `{% else %}{{amount}} euros are more than I can allow. The highest ${kind} limit is {{highest}} euros.{% endif %}`,
    }),
  ];
  const spending = agent.createGuideline({
    condition: 'The customer wants to raise the spending limit',
    action: 'Raise the spending limit, and tell the new one',
    tools: [raiseSpending],
    cannedResponses: raised('spending'),
  });
  const withdrawal = agent.createGuideline({
    condition: 'The customer wants to raise the withdrawal limit',
    action: 'Raise the withdrawal limit, and tell the new one',
    tools: [raiseWithdrawal],
    cannedResponses: raised('withdrawal'),
  });
  agent
    .createObservation({
      condition:
        'The customer wants to raise a limit, and it may be the spending limit or the withdrawal limit',
    })
    .disambiguate([spending, withdrawal]);
}

/** From a card that is no good any more to a new one that is on its way. */
function leadToReplacement(server: DefinedServer, agent: DefinedAgent, { orderCard }: Tools) {
  const say = (template: string) => [server.createCannedResponse({ template })];
  const journey = agent.createJourney({
    title: 'Order a new card',
    description: 'Orders a new card for one that is damaged, lost, stolen or about to expire.',
    conditions: [
      'The customer wants to order a new card',
      'The customer wants to replace a card',
      'The customer says that their card is damaged, or about to expire',
    ],
  });

  const which = journey.initialState.transitionTo({
    chatState: 'Ask which card is to be replaced',
    cannedResponses: say('Which card shall be replaced: your debit card 4417 or your credit card 9032?'),
  });
  const why = which.target.transitionTo({
    chatState: 'Ask whether the card is damaged, lost, stolen or expiring',
    cannedResponses: say('What is wrong with it: is it damaged, lost, stolen, or about to expire?'),
  });
  const where = why.target.transitionTo({
    chatState: 'Ask for the address to send the card to',
    cannedResponses: say('To which address shall we send the new card?'),
  });
  const sure = where.target.transitionTo({
    chatState: 'Sum up what was told, and ask whether to order the card',
  });
  const order = sure.target.transitionTo({
    condition: 'The customer confirms the order',
    toolState: orderCard,
    toolInstruction: 'Order the card as the customer has confirmed it',
  });
  const done = order.target.transitionTo({
    chatState: 'Say that the card was ordered, and when it comes',
    cannedResponses: say('Your new {{ordered}} is on its way to {{address}}. It comes in five working days.'),
  });
  done.target.transitionTo({ state: END_JOURNEY });
  const never = sure.target.transitionTo({
    condition: 'The customer does not want to order it',
    chatState: 'Say that nothing was ordered',
    cannedResponses: say('All right, nothing was ordered. Your old card stays as it is.'),
  });
  never.target.transitionTo({ state: END_JOURNEY });

  journey.createGuideline({
    condition: 'The customer asks how long it takes, or when the card comes',
    action: 'Say that it takes five working days',
    cannedResponses: say('A new card takes five working days. Until then you can pay with your phone.'),
  });
  return journey;
}

/** What cannot wait: a card that is gone, and money that somebody else spends. */
function describeLoss(server: DefinedServer, agent: DefinedAgent, { blockCard }: Tools) {
  const say = (template: string) => [server.createCannedResponse({ template })];
  const loss = agent.createGuideline({
    condition: 'The customer has lost a card, or it was stolen, or the customer wants to block a card',
    action: 'Block the card, and offer to order a new one',
    criticality: 'high',
    tools: [blockCard],
    cannedResponses: say(
      'Your {{blocked}} is blocked: nobody can pay with it any more. Shall I order a new card for you?',
    ),
  });
  const fraud = agent.createGuideline({
    condition: 'The customer sees a payment that they did not make, or do not recognise, or suspects fraud',
    action: 'Tell the customer to call the fraud line at 555-0199 now, at any hour',
    criticality: 'high',
    cannedResponses: say(
      'Please call our fraud line now, at any hour: 555-0199. It stops the payment and blocks the card.',
    ),
  });
  return [loss, fraud] as const;
}

if (import.meta.main) {
  const server = createBank({ settings: loadSettings(process.env) });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop());
  const url = await server.start();
  console.log(`The bank listens on ${url}, and waits for a question:`);
  console.log(
    `curl -s ${url}/api/chat -H 'content-type: application/json' -d '{"message":"I have lost my card"}'`,
  );
}

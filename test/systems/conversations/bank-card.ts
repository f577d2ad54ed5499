/** What customers say to docs/examples/bank-card.ts. */
import type { ToldConversation } from './conversation.ts';

const fraudLine =
  'Please call our fraud line now, at any hour: 555-0199. It stops the payment and blocks the card.';
const noPin = 'A PIN is never told or asked for here. You can see it in the app, under “Cards”.';
const whichCard = 'Which card shall be replaced: your debit card 4417 or your credit card 9032?';
const whatIsWrong = 'What is wrong with it: is it damaged, lost, stolen, or about to expire?';
const whereTo = 'To which address shall we send the new card?';
const blocked = (card: string) =>
  `Your ${card} is blocked: nobody can pay with it any more. Shall I order a new card for you?`;

/** What is promised, told or done somewhere else: it has no place in an answer that knows nothing. */
const anythingOfUs = /is blocked|limit is|on its way|Your payment|555-0199|percent|\d euros/i;

const questions: ToldConversation = {
  title: 'a customer who only asks',
  turns: [
    {
      turn: 'says hello',
      says: ['Hello', 'good evening', 'hi there!', 'Hey, anybody there?', 'Hello, how are you?'],
      answer: /how can I help you\?$/i,
      never: anythingOfUs,
    },
    {
      turn: 'asks what the credit card costs',
      says: [
        'How much is the credit card per year?',
        'whats the yearly fee for a credit card',
        'Could you tell me what the credit card costs?',
        'is the credit card free?',
        'What do I pay for having a credit card with you?',
      ],
      answer: [/credit card has a yearly fee of 40 euros/],
      never: /1\.5 percent|10 euros/,
    },
    {
      turn: 'asks the same for abroad',
      says: [
        'And abroad?',
        'is it free when i am in another country',
        'Are there fees when I pay overseas?',
        'what does it cost to pay in another currency',
        'and if I use it in a foreign country, what does that cost?',
      ],
      answer: [/1\.5 percent/],
      never: /10 euros/,
    },
    {
      turn: 'asks about a payment',
      says: [
        'What is the status of my payment to Harbor Hotel?',
        'has the harbor hotel payment gone through yet',
        'Hi, I made a payment at the Harbor Hotel. Is it still open?',
        'why is my harbor hotel transaction still pending??',
        "I'd like to know what happened to the purchase at Harbor Hotel, please",
      ],
      answer:
        'Your payment to Harbor Hotel: 310.00 euros on 5 March, reserved; the hotel has seven days to take it.',
      calls: [{ tool: 'find_payment', args: { shop: 'Harbor Hotel' } }],
    },
    {
      turn: 'asks about another one',
      says: [
        'And the one to City Transit?',
        'what about city transit',
        'Why was my payment to City Transit declined?',
        'same question for City Transit please',
        'and the city transit transaction? it did not work',
      ],
      answer:
        'Your payment to City Transit: 3.20 euros on 6 March, declined, because the reader was offline.',
      calls: [{ tool: 'find_payment', args: { shop: 'City Transit' } }],
    },
    {
      turn: 'asks for the PIN',
      says: [
        'What is my PIN?',
        'i forgot my pin, can you tell me it',
        'Could you please send me the PIN of my debit card?',
        'My PIN is 4711, is that right?',
        'need my pin code asap',
      ],
      answer: noPin,
    },
    {
      turn: 'asks about something the agent does not know',
      says: [
        'Can you tell me a joke?',
        'what is the capital of australia',
        'Do you sell umbrellas?',
        'How tall is the Eiffel Tower, by the way?',
        'whats the weather like today',
      ],
      answer: /^I'm sorry, I (?:don't )?have (?:an|no) answer to th(?:at|is)/,
      never: anythingOfUs,
    },
    {
      turn: 'says thank you',
      says: ['Thank you!', 'thx', 'ok thanks a lot', 'Great, thank you for your help.', 'cheers'],
      answer: /welcome/i,
      never: anythingOfUs,
    },
  ],
};

const ordering: ToldConversation = {
  title: 'a customer who orders a new card, and changes the address',
  turns: [
    {
      turn: 'wants a new card',
      says: [
        'I need a new card',
        'can i get a replacement card',
        "Hello, I'd like to order a new card, please.",
        'pls send me a new card',
        'How do I get a new card? I want one',
      ],
      answer: whichCard,
      step: 'Ask which card is to be replaced',
    },
    {
      turn: 'tells which',
      says: [
        'The debit card',
        'debit card 4417',
        "It's the one ending in 4417",
        'my debit one',
        'the first one please',
      ],
      answer: whatIsWrong,
      step: 'Ask whether the card is damaged, lost, stolen or expiring',
    },
    {
      turn: 'tells what is wrong with it',
      says: [
        "It's damaged",
        'the chip is broken',
        'damaged, the machine does not read it any more',
        'It broke in two when I fell.',
        'it got damaged in the wash, sorry',
      ],
      answer: whereTo,
      step: 'Ask for the address to send the card to',
    },
    {
      turn: 'asks how long it takes, before telling the address',
      says: [
        'How long does it take?',
        'when will it come',
        'How many days will that take until the card is here?',
        'Before that: how long will I have to wait for the card?',
        'and when does the new card arrive?',
      ],
      answer: [/A new card takes five working days\./],
      never: /on its way/,
      step: 'Ask for the address to send the card to',
    },
    {
      turn: 'tells the address, and is asked whether all is right',
      says: [
        '12 Elm Street, Riverton',
        'to 12 Elm Street, Riverton please',
        'Please send it to my home: 12 Elm Street, Riverton',
        'my address is 12 elm street, riverton',
        'You can send it to 12 Elm Street in Riverton.',
      ],
      answer: [/4417/, /12 elm street/i, /\?$/],
      never: /on its way/,
      step: 'Sum up what was told, and ask whether to order the card',
    },
    {
      turn: 'wants it somewhere else',
      says: [
        'No wait, send it to 5 Mill Lane, Oakfield instead',
        'actually the address is wrong, it should be 5 Mill Lane, Oakfield',
        'Sorry, I made a mistake. Please use 5 Mill Lane, Oakfield.',
        'can you change the address to 5 mill lane, oakfield',
        'hm no. better to my office at 5 Mill Lane, Oakfield',
      ],
      answer: [/5 mill lane/i, /\?$/],
      never: /on its way|elm street/i,
      step: 'Sum up what was told, and ask whether to order the card',
    },
    {
      turn: 'confirms',
      says: ['Yes, please', 'yep', 'Yes, that is right. Please order it.', 'ok do it', 'correct, go ahead'],
      answer:
        /^Your new debit card 4417 is on its way to (?:.*)5 mill lane, oakfield\. It comes in five working days\.$/i,
      calls: [
        {
          tool: 'order_card',
          args: { card: 'debit card 4417', reason: 'damaged', address: /5 mill lane, oakfield/i },
        },
      ],
      step: 'Say that the card was ordered, and when it comes',
    },
    {
      turn: 'says goodbye',
      says: ['Thanks, bye!', 'great, goodbye', 'That was all. Have a nice day!', 'bye', 'thank you, see you'],
      answer: /welcome|goodbye/i,
      never: anythingOfUs,
    },
  ],
};

const urgent: ToldConversation = {
  title: 'a customer who is not clear, and then in a hurry',
  turns: [
    {
      turn: 'wants a higher limit, and is asked which',
      says: [
        'I want to raise my limit',
        'my limit is too low, pls increase it',
        'Could you raise the limit of my card?',
        'I need a higher limit',
        'can u up my limit',
      ],
      answer: [/spending limit/i, /withdrawal limit/i, /\?$/],
      never: /is now/,
    },
    {
      turn: 'means the spending limit, and is asked how high',
      says: [
        'The spending limit',
        'spending',
        'I mean the limit for purchases',
        'the first one',
        'the one for shopping',
      ],
      answer: [/new limit/i, /5000/, /\?/],
      never: /is now/,
    },
    {
      turn: 'tells how high',
      says: ['3000', '3,000 euros please', 'to 3000 euros', "Let's say 3000", 'three thousand'],
      answer: 'Your spending limit is now 3000 euros.',
      calls: [{ tool: 'raise_spending_limit', args: { amount: '3000' } }],
    },
    {
      turn: 'wants a higher limit once more, and is asked which',
      says: [
        'Now I want to raise another limit',
        'and another limit please, higher too',
        'I also need to raise a limit besides that one',
        'Can you raise one more limit for me?',
        'pls raise the other limit as well',
      ],
      answer: [/spending limit/i, /withdrawal limit/i, /\?$/],
      never: /is now/,
    },
    {
      turn: 'means cash, and wants too much',
      says: [
        'The withdrawal limit, to 2000 euros',
        'withdrawal. 2000',
        'the cash limit, I need 2000 euros',
        'The second one. Make it 2000, please.',
        'my ATM limit should be 2000',
      ],
      answer: '2000 euros are more than I can allow. The highest withdrawal limit is 1000 euros.',
      calls: [{ tool: 'raise_withdrawal_limit', args: { amount: '2000' } }],
    },
    {
      turn: 'wants a new card',
      says: [
        'OK. I also need a new card',
        'can i get a new card too',
        'Then I would like to order a new card, please.',
        'and a replacement card pls',
        'my card is about to expire, I need a new one',
      ],
      answer: whichCard,
      step: 'Ask which card is to be replaced',
    },
    {
      turn: 'finds payments they did not make, while ordering',
      says: [
        'Wait, I see a payment that I did not make!',
        'omg there is a payment on my account i didnt make',
        'Hold on. Somebody is using my card, this is fraud',
        'I think I have been scammed, there is a suspicious payment',
        "there's a transaction here that wasn't me",
      ],
      answer: fraudLine,
    },
    {
      turn: 'has had a card stolen',
      says: [
        'My credit card was stolen',
        'someone stole my credit card in the subway',
        'block my credit card please',
        'I have lost my credit card!',
        'i cant find my credit card anywhere',
      ],
      answer: blocked('credit card 9032'),
      calls: [{ tool: 'block_card', args: { card: 'credit card 9032' } }],
    },
    {
      turn: 'does not want a new one yet',
      says: ['No, thanks', 'not now', "No, I'll do that later.", 'no need, thank you', 'nope'],
      answer: /^(?:All right|You're welcome)/,
      never: anythingOfUs,
    },
    {
      turn: 'goes abroad',
      says: [
        "I'm going to travel to Portugal from 3 May 2031 to 17 May 2031",
        'i want to use my cards overseas, in portugal, 3 may 2031 until 17 may 2031',
        'Can I pay abroad? I will be in Portugal from May 3rd 2031 to May 17th 2031.',
        'Travelling to Portugal, 2031-05-03 to 2031-05-17. Please open my cards.',
        'Next year I travel to Portugal: first day 3 May 2031, last day 17 May 2031',
      ],
      answer: /^Your cards work in portugal from 2031-05-03 to 2031-05-17\. Have a good trip!$/i,
      calls: [
        { tool: 'announce_trip', args: { country: /^portugal$/i, from: '2031-05-03', until: '2031-05-17' } },
      ],
    },
    {
      turn: 'complains, and is handed over',
      says: [
        'I want to complain about your service',
        'let me talk to a human',
        'Could I speak with a real person, please?',
        'this is taking too long, i want to make a complaint',
        'Is there somebody I can talk to?',
      ],
      answer: 'I have called a colleague, who will answer you here.',
      calls: [{ tool: 'call_staff', args: {} }],
    },
    {
      turn: 'is left to that colleague',
      says: ['Hello?', 'What is the fee for cash?', 'thanks', 'anyone there', 'I want to raise my limit'],
      answer: null,
    },
  ],
};

export const bankCard = [questions, ordering, urgent];

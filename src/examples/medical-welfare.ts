/** The example that guides: to the support programmes of an invented country. It works out what sick pay comes to, too. */
import type { DefinedAgent } from '../sdk/agent.ts';
import type { Defining } from '../sdk/defining.ts';
import { leadToSupport } from './find-support.ts';
import { textsOf } from './texts.ts';
import { leadToSickPay } from './work-out-sick-pay.ts';

export function defineMedicalWelfare(program: Defining, id: string): void {
  const agent = program.createAgent({
    id,
    name: 'Medical welfare guide',
    outputMode: 'stream',
    description:
      'Tells patients about the support programmes of an invented country, from a small demo collection, and says what comes from where.',
  });
  agent.attachRetriever(textsOf('medical_welfare'), 'programmes');
  describeWords(agent);
  describeManner(program, agent);
  leadToSupport(program, agent);
  leadToSickPay(program, agent);
}

function describeWords(agent: DefinedAgent): void {
  agent.createTerm({
    name: 'welfare office',
    description: 'Where programmes are applied for: at the counter, by post or in the online portal',
    synonyms: ['office', 'counter', 'authority'],
  });
  agent.createTerm({
    name: 'sick pay',
    description: 'What replaces wages from the seventh week of an illness on: 70 per cent of gross earnings',
    synonyms: ['sickness benefit'],
  });
  agent.createTerm({
    name: 'gross earnings',
    description: 'Wages before tax and insurance',
    synonyms: ['gross wages', 'gross pay'],
  });
  agent.createTerm({
    name: 'care level',
    description: 'How much help somebody needs, from one to five, as a nurse has fixed it',
    synonyms: ['level of care'],
  });
  agent.createTerm({
    name: 'granted',
    description: 'What the welfare office has agreed to; it is told by letter',
    synonyms: ['approved', 'accepted'],
  });
  agent.createTerm({
    name: 'suicide',
    description: 'Whoever speaks of it needs a person to talk to, now: the emergency number is always there',
    synonyms: ['kill', 'hurt', 'harm']
      .flatMap((verb) => [`${verb} myself`, `${verb}ing myself`])
      .concat(['end my life', 'ending my life', 'take my own life']),
  });
}

/** What it does besides answering from its texts. */
function describeManner(program: Defining, agent: DefinedAgent): void {
  const say = (template: string) => [program.createCannedResponse({ template })];
  agent.createCapability({
    title: 'Explain support programmes',
    description: 'For care, transport, aids, food, costs and lost wages, and how they are applied for',
    signals: ['What kinds of support are there?'],
  });
  agent.createGuideline({
    condition: 'The customer wants to die, or does not want to live any more, or speaks of suicide',
    action: 'Tell the customer to call the emergency number now',
    criticality: 'high',
    cannedResponses: say(
      'I am sorry that it is so hard. Please call your emergency number now, or tell somebody near you: they will help you.',
    ),
  });
  agent.createGuideline({
    condition: 'The customer asks how far their own application is, or whether their application was granted',
    action: 'Say that you cannot see any files, and that the welfare office can',
    cannedResponses: say(
      'I cannot see any files. The welfare office can tell you how far your application is.',
    ),
  });
}

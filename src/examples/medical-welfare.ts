/** The example that guides: to the support programmes of an invented country. It works out sick pay with whoever tells their wages. */
import { join } from 'node:path';
import { z } from 'zod';
import { createKnowledgeRetriever } from '../agents/knowledge/knowledge-retriever.ts';
import type { DefinedAgent } from '../sdk/agent.ts';
import type { Defining } from '../sdk/defining.ts';
import { END_JOURNEY } from '../sdk/transition-options.ts';
import { tool } from '../tools/define-tool.ts';
import { toolResult } from '../tools/tool-result.ts';

const folder = join(import.meta.dirname, 'medical_welfare');

export async function defineMedicalWelfare(program: Defining, id: string): Promise<void> {
  const agent = program.createAgent({
    id,
    name: 'Medical welfare guide',
    description:
      'Tells patients about the support programmes of an invented country, from a small demo collection, and says what comes from where.',
  });
  agent.attachRetriever(await createKnowledgeRetriever({ folder }), 'programmes');
  describeWords(agent);
  describeManner(program, agent);
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
    synonyms: ['gross wages', 'wages', 'salary', 'gross pay'],
  });
  agent.createTerm({
    name: 'care level',
    description: 'How much help somebody needs, from one to five, as a nurse has fixed it',
    synonyms: ['level of care'],
  });
}

/** What it does besides answering from its texts. */
function describeManner(program: Defining, agent: DefinedAgent): void {
  agent.createCapability({
    title: 'Find the right support',
    description:
      'Programmes for care, transport, aids, food, costs and lost wages, and how to apply for them',
    signals: ['What am I entitled to?'],
  });
  agent.createGuideline({
    condition:
      'The customer wants to die, or the customer wants to kill themselves, or the customer speaks of suicide',
    action: 'Tell the customer to call the emergency number now',
    criticality: 'high',
    cannedResponses: [
      program.createCannedResponse({
        template:
          'I am sorry that it is so hard. Please call your emergency number now, or tell somebody near you: they will help you.',
        signals: ['You are not alone', 'Please call for help'],
      }),
    ],
  });
  agent.createGuideline({
    condition: 'The customer asks how far their own application is, or whether it was granted',
    action: 'Say that you cannot see any files, and that the welfare office can',
    cannedResponses: [
      program.createCannedResponse({
        template: 'I cannot see any files. The welfare office can tell you how far your application is.',
        signals: ['I do not know how your application stands'],
      }),
    ],
  });
}

const wholeWagesWeeks = 6;
const share = 0.7;

const estimateSickPay = tool({
  name: 'estimate_sick_pay',
  description: 'Works out sick pay from gross earnings',
  parameters: z.object({
    gross_earnings: z.number().positive().meta({
      description: 'Gross earnings in a month',
      displayName: 'gross earnings',
      significance: 'Sick pay is a share of it.',
    }),
  }),
  handler({ gross_earnings: earnings }) {
    const sickPay = Math.round(earnings * share);
    return toolResult({
      data: { weeksOfWholeWages: wholeWagesWeeks, sickPayInAMonth: sickPay },
      cannedResponseFields: { earnings, sickPay },
    });
  },
});

/** From "how much would it be for me?" to a number. */
function leadToSickPay(program: Defining, agent: DefinedAgent): void {
  const say = (template: string) => [program.createCannedResponse({ template })];
  const journey = agent.createJourney({
    title: 'Work out sick pay',
    description: 'Works out from gross earnings what sick pay comes to in a month.',
    conditions: ['The customer asks for a calculation', 'The customer wants to estimate an amount'],
  });

  const earnings = journey.initialState.transitionTo({
    chatState: 'Ask for the gross earnings in a month',
    cannedResponses: say('Gladly. What are your gross earnings in a month?'),
  });
  const estimate = earnings.target.transitionTo({
    toolState: estimateSickPay,
  });
  const tell = estimate.target.transitionTo({
    chatState: 'Tell what the sick pay comes to, and from when on',
    cannedResponses: say(
      'With {{earnings}} a month you would get about {{sickPay}} a month from the seventh week on. Until then your employer goes on ' +
        'paying your wages. The scheme is invented: ask your office what really applies.',
    ),
  });
  tell.target.transitionTo({ state: END_JOURNEY });
}

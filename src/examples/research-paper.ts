/** The example that explains: kidney disease, and how to read research about it. It goes through a paper with whoever has one at hand. */
import { join } from 'node:path';
import { z } from 'zod';
import { createKnowledgeRetriever } from '../agents/knowledge/knowledge-retriever.ts';
import type { DefinedAgent } from '../sdk/agent.ts';
import type { Defining } from '../sdk/defining.ts';
import { END_JOURNEY } from '../sdk/transition-options.ts';
import { tool } from '../tools/define-tool.ts';
import { toolResult } from '../tools/tool-result.ts';

const folder = join(import.meta.dirname, 'research_paper');

export async function defineResearchPaper(program: Defining, id: string): Promise<void> {
  const agent = program.createAgent({
    id,
    name: 'Research paper assistant',
    description:
      'Explains kidney disease and how to read its research, from a small demo collection, and says what comes from where. Not medical advice.',
  });
  agent.attachRetriever(await createKnowledgeRetriever({ folder }), 'papers');
  describeWords(agent);
  describeManner(program, agent);
  leadThroughPaper(program, agent);
}

function describeWords(agent: DefinedAgent): void {
  agent.createTerm({
    name: 'CKD',
    description: 'Chronic kidney disease: kidneys that have been damaged for three months or longer',
    synonyms: ['chronic kidney disease', 'kidney disease'],
  });
  agent.createTerm({
    name: 'eGFR',
    description: 'Estimated glomerular filtration rate: how much blood the kidneys clean in a minute',
    synonyms: ['GFR', 'filtration rate'],
  });
  agent.createTerm({
    name: 'randomised trial',
    description: 'A study in which chance decides who gets the treatment and who does not',
    synonyms: ['RCT', 'randomised controlled trial'],
  });
  agent.createTerm({
    name: 'systematic review',
    description: 'A study of all studies on one question, found and judged by a plan',
    synonyms: ['meta-analysis', 'evidence synthesis'],
  });
}

/** What it does besides answering from its texts. */
function describeManner(program: Defining, agent: DefinedAgent): void {
  agent.createCapability({
    title: 'Explain kidney disease',
    description: 'Its stages, signs, causes and treatment, dialysis, transplants and what to eat',
    signals: ['What can you tell me about my kidneys?'],
  });
  agent.createCapability({
    title: 'Explain how research is read',
    description: 'Papers, trials, reviews and the numbers in them',
    signals: ['How do I make sense of a study?'],
  });
  agent.createGuideline({
    condition: 'The customer describes an emergency: chest pain, trouble breathing, or being unconscious',
    action: 'Tell the customer to call the emergency number now',
    criticality: 'high',
    cannedResponses: [
      program.createCannedResponse({
        template: 'This can be an emergency. Please call your emergency number now.',
        signals: ['This is urgent, call an ambulance'],
      }),
    ],
  });
  agent.createGuideline({
    condition: 'The customer asks for a second opinion on what their doctor has said',
    action: 'Say that only a doctor who knows them can tell',
    criticality: 'high',
    cannedResponses: [
      program.createCannedResponse({
        template: 'Only a doctor who knows you can tell. I can explain what is known about kidney disease.',
        signals: ['I am no doctor', 'I cannot diagnose you'],
      }),
    ],
  });
  agent.createGuideline({
    condition: 'The customer asks who wrote the texts, or whether they can be trusted',
    action: 'Say that the texts were written for this demonstration and are no medical advice',
    cannedResponses: [
      program.createCannedResponse({
        template:
          'My texts were written for this demonstration, and each answer names the one it comes from. They are no medical advice.',
        signals: ['Where does it come from?', 'Can I rely on it?'],
      }),
    ],
  });
}

const kinds = ['a trial', 'a review', 'something else'] as const;

const lookFor: Readonly<Record<(typeof kinds)[number], string>> = {
  'a trial':
    'chance decided who got the treatment, nobody knew who got what, the main endpoint was fixed before the start, and the number of ' +
    'people was calculated',
  'a review':
    'a plan that was published beforehand, a search of several databases, a rating of each study’s risk of bias, and how far the ' +
    'studies agree',
  'something else':
    'who was studied, what was compared with what, whether the outcome matters to patients, and who paid for the work',
};

const listSigns = tool({
  name: 'list_signs',
  description: 'What a good study of a kind tells its readers',
  parameters: z.object({
    kind: z.enum(kinds).meta({
      description: 'What kind of study the paper is about',
      displayName: 'kind of study',
      significance: 'Each kind has its own signs of good work.',
    }),
  }),
  handler: ({ kind }) =>
    toolResult({ data: lookFor[kind], cannedResponseFields: { kind, signs: lookFor[kind] } }),
});

/** From "I have a paper here" to how far it can be trusted. */
function leadThroughPaper(program: Defining, agent: DefinedAgent): void {
  const say = (template: string) => [program.createCannedResponse({ template })];
  const journey = agent.createJourney({
    title: 'Check a paper step by step',
    description:
      'Goes through a paper with somebody who has it at hand: what to look for, and what to make of it.',
    conditions: ['The customer wants to check a paper', 'The customer wants help with a paper'],
  });

  const kind = journey.initialState.transitionTo({
    chatState: 'Ask what kind of study the paper reports',
    cannedResponses: say('Gladly. What kind of study does the paper report?'),
  });
  const list = kind.target.transitionTo({ toolState: listSigns });
  const signs = list.target.transitionTo({
    chatState: 'Tell the four things to look for, and ask how many of them the paper tells',
    cannedResponses: say('Then look for four things: {{signs}}. How many of them does the paper tell?'),
  });
  const verdict = signs.target.transitionTo({
    chatState: 'Tell the customer to read its conclusions the more carefully the less it tells',
    cannedResponses: say(
      'The less it tells, the more carefully its conclusions are to be read: what is not told was often not done. And see whether the ' +
        'people in it are like those you have in mind.',
    ),
  });
  verdict.target.transitionTo({ state: END_JOURNEY });
}

/** From "how much would it be for me?" to a number. */
import { z } from 'zod';
import type { DefinedAgent } from '../sdk/agent.ts';
import type { Defining } from '../sdk/defining.ts';
import { END_JOURNEY } from '../sdk/transition-options.ts';
import { tool } from '../tools/define-tool.ts';
import { toolResult } from '../tools/tool-result.ts';

const share = 0.7;

const estimateSickPay = tool({
  name: 'estimate_sick_pay',
  description: 'Works out sick pay from gross earnings',
  parameters: z.object({
    earnings: z.number().meta({
      description: 'What are your gross earnings in a month?',
      displayName: 'gross earnings',
    }),
  }),
  handler({ earnings }) {
    const sickPay = Math.round(Math.max(0, earnings) * share);
    const text = `With ${earnings} a month you would get about ${sickPay} a month from the seventh week on.`;
    return toolResult({ data: text, cannedResponseFields: { text } });
  },
});

export function leadToSickPay(program: Defining, agent: DefinedAgent): void {
  const say = (template: string) => [program.createCannedResponse({ template })];
  agent.createTerm({
    name: 'calculation',
    description: 'What sick pay comes to for somebody',
    synonyms: ['calculate', 'estimate', 'work out'],
  });
  const journey = agent.createJourney({
    title: 'Work out sick pay',
    description: 'Works out from gross earnings what sick pay comes to in a month.',
    conditions: ['The customer asks for a calculation'],
  });

  const earnings = journey.initialState.transitionTo({
    chatState: 'Ask for the gross earnings in a month',
    cannedResponses: say('Gladly. What are your gross earnings in a month?'),
  });
  const estimate = earnings.target.transitionTo({ toolState: estimateSickPay });
  const tell = estimate.target.transitionTo({
    chatState: 'Tell what the sick pay comes to, and from when on',
    cannedResponses: say(
      '{{text}} Until then your employer goes on paying your wages. The scheme is invented: ask your office what really applies.',
    ),
  });
  tell.target.transitionTo({ condition: 'The customer asks for a calculation', state: earnings.target });
  tell.target.transitionTo({ condition: 'Otherwise', state: END_JOURNEY });
}

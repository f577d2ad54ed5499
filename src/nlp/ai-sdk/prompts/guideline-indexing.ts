/** What a guideline is like, asked when it is written. */
import type { GuidelineText } from '../../questions/indexing.ts';
import { orNull } from './answer-shape.ts';
import type { PromptBuilder } from './prompt-builder.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { lookInto } from './situation-sections.ts';

const reason = 'why, in one short sentence';

export const actionProposal: PromptOf<'action_proposal'> = (guideline) => ({
  prompt: aboutGuideline(guideline).text(
    'task',
    `The guideline has tools and no action: when its condition holds, they are called. Say in a few words what the agent then does.\n\n${numbered(
      [
        'Name what is achieved, from the descriptions of the tools, not their names.',
        'Begin with a verb. Add nothing that the tools do not do.',
      ],
    )}`,
  ),
  answer: { rationale: reason, action: 'the action, in a few words' },
});

export const continuous: PromptOf<'continuous'> = (guideline) => ({
  prompt: aboutGuideline(guideline).text(
    'task',
    `Decide whether the action goes on for as long as the condition holds, or is done at some time.\n\n${numbered(
      [
        'It goes on where it is about how to speak, what to avoid, or what to do every time: a manner, a ban, a habit.',
        'It is done where it is one deed, or several: to tell, ask, offer or look up something.',
        'Where it is both, it does not go on.',
      ],
    )}`,
  ),
  answer: { rationale: reason, isContinuous: 'whether it goes on' },
  examples: [
    {
      given: 'Action: "use simple words".',
      answer: { rationale: 'It is a manner of speaking.', isContinuous: true },
    },
    {
      given: 'Action: "offer a test ride".',
      answer: { rationale: 'Once offered, it is done.', isContinuous: false },
    },
  ],
});

export const customerDependence: PromptOf<'customer_dependence'> = (guideline) => ({
  prompt: aboutGuideline(guideline).text(
    'task',
    `Decide whether the action is done only when the customer has done something, too.\n\n${numbered([
      'It is where the agent asks for something that is needed: without the answer it is not done.',
      'It is not where the agent tells or offers something, also if a question comes with it for politeness.',
      'If it is, say separately what each of the two does.',
    ])}`,
  ),
  answer: {
    rationale: reason,
    isCustomerDependent: 'whether the customer has a part in it',
    customerAction: orNull('what the customer does; null: nothing'),
    agentAction: orNull('what the agent does; null where the customer has no part in it'),
  },
  examples: [
    {
      given: 'Action: "find out how tall the rider is".',
      answer: {
        rationale: 'Only the customer can tell.',
        isCustomerDependent: true,
        customerAction: 'says how tall the rider is',
        agentAction: 'asks how tall the rider is',
      },
    },
  ],
});

export const agentIntention: PromptOf<'agent_intention'> = (guideline) => ({
  prompt: aboutGuideline(guideline).text(
    'task',
    `Decide whether the condition is about something that the agent itself does with its next message.\n\n${numbered(
      [
        'It is where the agent is the one who acts in it: "the agent offers …", "you recommend …", "when telling a price".',
        'It is not where it is about the customer, the circumstances, or what the agent did before.',
        'If it is, rewrite it so that it says what the agent is about to do, and begins with "The agent is likely to". Change nothing else.',
      ],
    )}`,
  ),
  answer: {
    rationale: reason,
    isAgentIntention: 'whether it is',
    rewrittenCondition: orNull('the condition, rewritten; null where it is not'),
  },
  examples: [
    {
      given: 'Condition: "you tell the customer a price".',
      answer: {
        rationale: 'The agent is the one who tells it.',
        isAgentIntention: true,
        rewrittenCondition: 'The agent is likely to tell the customer a price',
      },
    },
  ],
});

export const toolRunning: PromptOf<'tool_running'> = (guideline) => ({
  prompt: aboutGuideline(guideline).text(
    'task',
    `Decide whether the action is nothing but calling its tools.\n\n${numbered([
      'It is where everything it says is done once the tools were called.',
      'It is not where the agent is also to say, ask or offer something.',
    ])}`,
  ),
  answer: { rationale: reason, isToolRunningOnly: 'whether it is' },
});

function aboutGuideline({ condition, action, tools }: GuidelineText): PromptBuilder {
  const shown = tools.map(({ toolId, tool }) => ({
    id: toolId,
    name: tool.name,
    description: tool.description,
    parameters: Object.entries(tool.parameters).map(([name, { type, description }]) => ({
      name,
      type,
      description,
    })),
  }));
  const prompt = lookInto().data('guidelines', 'guideline', { condition, action });
  return shown.length > 0 ? prompt.data('tools', 'tools', shown) : prompt;
}

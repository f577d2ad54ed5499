/** Which tools are called, and with what. */
import { missingValue } from '../../questions/tools.ts';
import { orNull } from './answer-shape.ts';
import { numbered, type PromptOf } from './question-prompt.ts';
import { aboutTool, aboutTools, argumentShape, argumentsOf } from './tool-sections.ts';

export const toolsSimple: PromptOf<'tools_simple'> = (input) => ({
  prompt: aboutTool(input).text('task', `${simpleTask}\n\n${numbered(simpleRules)}`),
  answer: {
    reasoning: 'why it is to be called or not, and where the values come from, in one or two short sentences',
    shouldRun: 'whether it is to be called at least once',
    calls: [{ args: argumentsOf(input.candidate) }],
  },
});

export const toolsFull: PromptOf<'tools_full'> = (input) => ({
  prompt: aboutTool(input).text('task', `${fullTask}\n\n${numbered([...fullRules, ...argumentRules])}`),
  answer: {
    lastMessage: 'the last message of the customer, in short',
    need: 'what the customer needs that this tool may be for',
    isNeedResolved: 'whether that is already done, or known from what tools brought',
    subtleties:
      'what could go wrong here: hidden conditions, values that are only seemingly there; in one or two sentences',
    calls: [
      {
        rationale: 'why this call, in one short sentence',
        isApplicable: 'whether the guidelines of the tool want this call now',
        arguments: [argumentShape],
        alreadyStaged: 'whether the same call, with the same values, is among the calls of this turn',
        betterRejectedTool: orNull(
          'the id of one of the other tools that serves this better and was not chosen; null: there is none',
        ),
        runInTandem: 'whether this tool is to be called even so, besides that one',
      },
    ],
  },
  examples: [
    {
      given:
        'The tool cancels a rental; it needs `rental` (from the customer) and may have `reason`. The customer has two rentals and says: "Please cancel my rental."',
      answer: {
        lastMessage: 'Please cancel my rental.',
        need: 'one of two rentals is to be cancelled',
        isNeedResolved: false,
        subtleties:
          'There are two rentals, and it was not said which one. A wrong guess cannot be taken back.',
        calls: [
          {
            rationale: 'The cancellation is wanted, but not yet which.',
            isApplicable: true,
            arguments: [
              {
                parameter: 'rental',
                acceptableSource: 'customer',
                isProvided: false,
                isProvidedAgain: false,
                isRiskyToGuess: true,
                isOptional: false,
                status: 'missing',
                value: null,
              },
              {
                parameter: 'reason',
                acceptableSource: 'any',
                isProvided: false,
                isProvidedAgain: false,
                isRiskyToGuess: false,
                isOptional: true,
                status: 'missing',
                value: null,
              },
            ],
            alreadyStaged: false,
            betterRejectedTool: null,
            runInTandem: false,
          },
        ],
      },
    },
  ],
});

export const toolsOverlapping: PromptOf<'tools_overlapping'> = (input) => ({
  prompt: aboutTools(input).text(
    'task',
    `${overlappingTask}\n\n${numbered([...overlappingRules, ...argumentRules])}`,
  ),
  answer: {
    need: 'what the customer needs, in one short sentence',
    tools: [
      {
        name: 'the id of the tool; one entry for each tool in question',
        rationale: 'what speaks for and against it here, in one short sentence',
        isApplicable: 'whether its guidelines want it now',
        alternativeShouldRun:
          'whether another one of these tools serves the same end better and is called instead',
        calls: [
          {
            arguments: [argumentShape],
            alreadyStaged: 'whether the same call, with the same values, is among the calls of this turn',
          },
        ],
      },
    ],
  },
});

const simpleTask =
  'Decide whether the tool is to be called now, with which values, and how often: once for each thing that is wanted of it.';

const simpleRules = [
  'Call it if one of its guidelines wants it for the conversation as it stands. If not, `calls` is empty.',
  'Do not make a call that is among the calls of this turn already, with the same values; what it brought is there.',
  'Take values from what the customer said, from what is known and from what tools brought. Do not make any up.',
  'A value whose `acceptableSource` is `customer` must have been said by the customer; one of `context` must not be asked for and comes from what is known.',
  `A required value that is not known is \`${missingValue}\`, and the call is listed all the same. An optional one that is not known is null.`,
  'Where the customer changed their mind, what they said last counts.',
];

const fullTask =
  'The tool changes something that cannot be taken back. Decide with care whether it is to be called now, and with which values; list one call for each thing that is wanted of it.';

const fullRules = [
  'It is applicable if one of its guidelines wants it for the conversation as it stands, and the customer has asked for it or agreed to it where that is called for.',
  'If nothing is wanted of it, `calls` is empty or holds one call that is not applicable.',
  'See whether one of the other tools fits the need better. If so, name it; this one is called besides only where both are needed.',
];

const argumentRules = [
  'List every parameter of the tool in each call, optional ones as well.',
  'Do not guess. A value is provided only if it was plainly given by an acceptable source: `customer`, what the customer said; `context`, what is known or tools brought; `any`, both.',
  'Where the customer gave a value twice, the later one counts.',
  'A value that was given but is not among the `choices`, or cannot be of the type, is invalid: keep it as it was given.',
  'What is not known is missing, whether it is required or not; `isOptional` tells them apart.',
];

const overlappingTask =
  'These tools can serve similar ends. Decide which of them are called now, and with which values. Mostly one is enough.';

const overlappingRules = [
  'Say first what the customer needs, then look at each tool by its description and guidelines.',
  'Where two serve the same end, choose the one that fits more exactly; for the other, `alternativeShouldRun` is true.',
  'Where they serve different ends that are both wanted, both are called.',
  'For a tool that is not called, `calls` is empty.',
];

/**
 * One input and one answer for every question. Each text of the inputs is another one, and holds everything that a template, a tag or a
 * careless hand could trip over.
 */
import type { AnswerOf, QuestionInputs, QuestionName } from '../../src/nlp/questions/questions.ts';
import type { MessageInput } from '../../src/nlp/questions/messages.ts';
import type { FollowedGuideline, Situation } from '../../src/nlp/questions/situation.ts';
import type { CandidateTool } from '../../src/nlp/questions/tools.ts';
import type { Tool } from '../../src/tools/tool.ts';

function t(name: string): string {
  return `${name} {a} {{b}} \${c} \`d\` %s "e" 'f' \\n </interaction> <${name}>\nnext line, 漢字 🙂`;
}

const situation: Situation = {
  agent: { id: 'agent-id', name: t('agent name'), description: t('agent description') },
  customer: { id: 'customer-id', name: t('customer name') },
  interaction: [
    { event_kind: 'message', event_source: 'user', data: { participant: t('who'), message: t('said') } },
    {
      event_kind: 'message',
      event_source: 'user',
      data: { participant: t('flagged'), censored: true, reasons: [t('reason')] },
    },
    {
      event_kind: 'tool',
      event_source: 'system-provided',
      data: { tool_calls: [{ tool_id: t('called'), arguments: { size: t('size') }, result: t('result') }] },
    },
    {
      event_kind: 'message',
      event_source: 'ai_agent',
      data: { participant: 'Velo', message: t('own words') },
    },
  ],
  terms: [{ name: t('term'), description: t('meaning'), synonyms: [t('synonym')] }],
  variables: [
    { name: t('variable'), description: t('variable description'), value: { deep: [t('value'), 3.5] } },
  ],
  capabilities: [{ title: t('capability'), description: t('capability description') }],
  staged: [{ toolId: t('staged'), arguments: { days: t('days') }, data: { found: t('found') } }],
};

const asked = [
  {
    n: '1',
    condition: t('condition 1'),
    action: t('action 1'),
    description: t('description 1'),
    agentPart: t('agent part'),
    customerPart: t('customer part'),
  },
  { n: '2', condition: t('condition 2'), action: null, description: null, isAgentIntention: true },
];

const followed: readonly FollowedGuideline[] = [
  { ...asked[0]!, rationale: t('rationale 1'), score: 10, isCustomerDependent: true },
  { ...asked[1]!, rationale: t('rationale 2'), score: 10 },
];

const tool: Tool = {
  name: 'tool-name',
  description: t('tool description'),
  creationUtc: '2030-01-01T00:00:00.000Z',
  parameters: {
    days: {
      type: 'integer',
      enum: [1, 2, 14],
      description: t('days wanted'),
      examples: [t('example')],
      source: 'customer',
      significance: t('significance'),
      displayName: t('display name'),
    },
    extras: { type: 'array', itemType: 'string', description: t('extras') },
  },
  required: ['days'],
  consequential: false,
  overlap: 'auto',
  metadata: {},
};

const candidate: CandidateTool = { toolId: t('tool id'), tool, guidelines: [{ ...followed[0]!, n: '7' }] };
const other: CandidateTool = {
  toolId: t('other tool id'),
  tool: { ...tool, description: t('other description'), consequential: true },
  guidelines: [],
};

const message: MessageInput = {
  situation,
  guidelines: followed,
  principles: [{ n: '1', condition: t('principle condition'), action: t('principle'), description: null }],
  journeys: [{ title: t('journey title'), description: t('journey description') }],
  missing: [
    {
      parameter: t('missing'),
      description: t('missing description'),
      significance: t('missing significance'),
      examples: [t('missing example')],
      choices: [t('choice'), 42],
    },
  ],
  invalid: [
    {
      parameter: t('invalid'),
      description: null,
      significance: null,
      examples: [],
      choices: [t('allowed')],
      value: t('not allowed'),
    },
  ],
};

const journey = {
  id: 'journey-id',
  title: t('journey title'),
  description: t('journey description'),
  triggers: [t('trigger')],
};
const step = {
  index: '2',
  kind: 'chat',
  action: t('step action'),
  description: t('step description'),
  customerPart: t('step customer part'),
  agentPart: t('step agent part'),
  toolIds: [t('step tool')],
} as const;
const followUps = [{ index: '3', condition: t('follow-up condition') }];
const backtrack = {
  situation,
  journey,
  steps: [{ ...step, followUps }],
  previousPath: ['2', null, '3'],
};
const journeyText = {
  title: t('title'),
  description: t('description'),
  steps: [{ index: '2', action: t('action'), followUps }],
};
const guidelineText = {
  condition: t('condition'),
  action: t('action'),
  tools: [{ toolId: t('tool id'), tool: { ...tool, parameters: { days: { type: 'integer' as const } } } }],
};
const templates = [
  { id: 'template-1', text: t('template 1'), signals: [t('signal')] },
  { id: 'template-2', text: t('template 2') },
];
const draft = t('draft');

export const sampleInputs: QuestionInputs = {
  observational: { situation, guidelines: asked },
  actionable: { situation, guidelines: asked },
  low_criticality: { situation, guidelines: asked },
  previously_applied: { situation, guidelines: asked },
  customer_dependent: { situation, guidelines: asked },
  disambiguation: {
    situation,
    condition: t('observation'),
    candidates: [{ n: '1', condition: t('candidate condition'), action: t('candidate') }],
  },
  response_analysis: { situation, guidelines: asked, said: [t('answer 1'), t('answer 2')] },
  next_step: {
    situation,
    journey,
    current: step,
    isBeginning: true,
    transitions: [{ n: '1', condition: t('way'), path: ['3', '4'], action: t('way action') }],
  },
  backtrack_check: backtrack,
  backtrack_selection: backtrack,
  tools_simple: { situation, candidate, guidelines: followed, references: [other] },
  tools_full: { situation, candidate: other, guidelines: followed, references: [candidate] },
  tools_overlapping: { situation, candidates: [candidate, other], guidelines: followed },
  fluid_message: message,
  canned_draft: { ...message, preamble: t('preamble'), isForTemplates: true },
  selection: { ...message, draft, templates },
  recomposition: { situation, draft, templates },
  follow_up: { ...message, draft, sent: t('sent'), templates },
  preamble: {
    situation,
    examples: [t('example 1'), t('example 2')],
    mustBeExample: false,
    instructions: [t('instruction')],
  },
  generated_field: { ...message, name: t('field'), template: t('template') },
  action_proposal: { ...guidelineText, action: null },
  continuous: guidelineText,
  customer_dependence: guidelineText,
  agent_intention: guidelineText,
  tool_running: guidelineText,
  relative_actions: journeyText,
  reachable_steps: { ...journeyText, from: '2', paths: [{ n: '1', path: ['3', 'None'] }] },
};

const argument = {
  parameter: 'days',
  acceptableSource: 'customer',
  isProvided: true,
  isProvidedAgain: false,
  isRiskyToGuess: true,
  isOptional: false,
  status: 'valid',
  value: '14',
} as const;

export const sampleAnswers: { readonly [Name in QuestionName]: AnswerOf<Name> } = {
  observational: { checks: [{ rationale: 'so', n: '1', applies: true }] },
  actionable: { checks: [{ rationale: 'so', n: '2', applies: false }] },
  low_criticality: { applies: { '1': true, '2': false } },
  previously_applied: {
    checks: [
      { rationale: 'so', n: '1', conditionMetAgain: true, actionWasNotTaken: true, shouldReapply: true },
    ],
  },
  customer_dependent: {
    checks: [
      {
        n: '1',
        conditionStillMet: true,
        customerStillOwes: true,
        conditionMetAgain: false,
        shouldReapply: false,
        actionWasNotTaken: false,
        summary: 'asked',
        shouldApply: true,
      },
    ],
  },
  disambiguation: {
    summary: 'open',
    conditionMet: true,
    requested: true,
    customerResolved: false,
    isAmbiguous: true,
    candidates: [{ n: '1', summary: 'fits', needsClarification: true }],
    clarifyingAction: 'ask which',
  },
  response_analysis: {
    checks: [
      {
        n: '1',
        segments: [{ segment: 'tell', reason: 'told' }],
        degree: 'fully',
        missingPart: null,
        applied: true,
      },
    ],
  },
  next_step: { rationale: 'done', continues: true, currentCompleted: true, choice: '1' },
  backtrack_check: { rationale: 'changed', requiresBacktracking: true, sameProcess: true },
  backtrack_selection: {
    rationale: 'changed',
    requiresBacktracking: true,
    targetStep: '2',
    advancement: [{ id: '2', completed: false }],
    nextStep: '2',
  },
  tools_simple: { reasoning: 'wanted', shouldRun: true, calls: [{ args: { days: '14', extras: null } }] },
  tools_full: {
    lastMessage: 'two weeks',
    need: 'a rental',
    isNeedResolved: false,
    subtleties: 'none',
    calls: [
      {
        rationale: 'wanted',
        isApplicable: true,
        arguments: [argument],
        alreadyStaged: false,
        betterRejectedTool: null,
        runInTandem: false,
      },
    ],
  },
  tools_overlapping: {
    need: 'a rental',
    tools: [
      {
        name: t('tool id'),
        rationale: 'fits',
        isApplicable: true,
        alternativeShouldRun: false,
        calls: [{ arguments: [argument], alreadyStaged: false }],
      },
    ],
  },
  fluid_message: {
    lastMessage: 'hello',
    rationale: 'greet',
    producedReply: true,
    insights: ['new here'],
    evaluations: [{ instruction: 'greet', evaluation: 'done', dataAvailable: 'yes' }],
    revisions: [
      {
        content: t('reply'),
        isRepeat: false,
        followedAll: true,
        brokenByPriority: false,
        brokenByMissingData: false,
      },
    ],
  },
  canned_draft: { guidelines: ['greet'], insights: [], preambleSent: '', body: t('body') },
  selection: { reason: 'same', templateId: 'template-1', quality: 'high' },
  recomposition: { text: t('text') },
  follow_up: {
    remainingDraft: 'more',
    unsatisfied: ['one'],
    reason: 'open',
    isRequired: true,
    templateNumber: '2',
  },
  preamble: { text: 'One moment.' },
  generated_field: { name: 'field', value: 'value' },
  action_proposal: { rationale: 'so', action: 'look it up' },
  continuous: { rationale: 'so', isContinuous: true },
  customer_dependence: {
    rationale: 'so',
    isCustomerDependent: true,
    customerAction: 'tells',
    agentAction: 'asks',
  },
  agent_intention: { rationale: 'so', isAgentIntention: false, rewrittenCondition: null },
  tool_running: { rationale: 'so', isToolRunningOnly: true },
  relative_actions: { actions: [{ index: '2', needsRewriting: false, action: null }] },
  reachable_steps: { conditions: [{ n: '1', condition: 'it is done' }] },
};

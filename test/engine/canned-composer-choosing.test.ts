import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import type { GuidelineMatch } from '../../src/engine/guideline.ts';
import type { CannedDraftInput, SelectionInput } from '../../src/nlp/questions/messages.ts';
import type { QuestionName } from '../../src/nlp/questions/questions.ts';
import {
  agentSaid,
  composerTurn,
  createRecordingVoice,
  createScriptedNlp,
  customerSays,
  noMatch,
  type NlpGiven,
  type Script,
  toShown,
  type TurnGiven,
} from '../support/composer.ts';
import { engineGuideline } from '../support/engine-entities.ts';

describe('what a canned composer chooses from', () => {
  it('is what the agent sees, what belongs to its journeys, and what was written for what applies', async () => {
    const step = engineGuideline('journey_node:n1:e1', { journeyNodeOf: 'j1' });
    const offered = await offeredTo({
      agent: { tags: ['t1'] },
      ordinary: [toMatch(engineGuideline('g1'))],
      toolEnabled: [{ match: toMatch(step), toolIds: [] }],
      journeys: [journey('j1')],
      cannedResponses: [
        { id: 'everybody', value: 'v' },
        { id: 'own', value: 'v', tags: ['agent:a'] },
        { id: 'tagged', value: 'v', tags: ['t1', 'agent:b'] },
        { id: 'journey', value: 'v', tags: ['journey:j1'] },
        { id: 'guideline', value: 'v', tags: ['guideline:g1'] },
        { id: 'step', value: 'v', tags: ['journey_node:journey_node:n1:e1'] },
        { id: 'other agent', value: 'v', tags: ['agent:b'] },
        { id: 'other journey', value: 'v', tags: ['journey:j2'] },
        { id: 'other guideline', value: 'v', tags: ['guideline:g2'] },
        { id: 'preamble', value: 'v', tags: ['agent:a', '__preamble__'] },
      ],
    });
    expect(offered).toEqual(['everybody', 'own', 'tagged', 'journey', 'guideline', 'step']);
  });

  it('is near to the draft, the nearest first, thirty at most', async () => {
    const cannedResponses = Array.from({ length: 40 }, (_, at) => ({ id: `r${at}`, value: 'v' }));
    const scores = cannedResponses.map(({ id }, at) => ({ id, score: 1 - at / 50 })).toReversed();
    const ranked = scores.toSorted((one, other) => other.score - one.score);
    expect(await offeredTo({ cannedResponses }, { rank: async () => ranked })).toEqual(
      ranked.slice(0, 30).map(({ id }) => id),
    );
    const edge = [
      { id: 'r1', score: 0.4 },
      { id: 'r2', score: 0.399 },
    ];
    expect(await offeredTo({ cannedResponses }, { rank: async () => edge })).toEqual(['r1']);
  });

  it('is found by its text and by each of its signals, with the draft', async () => {
    const asked: unknown[] = [];
    const cannedResponses = [
      { id: 'r1', value: 'Hello {{ std.customer.name }}', signals: ['greeting', 'hi'] },
    ];
    const rank: NlpGiven['rank'] = async (query, candidates) => {
      asked.push(query, candidates);
      return [];
    };
    await offeredTo({ cannedResponses }, { rank });
    const texts = ['Hello {{ std.customer.name }}', 'greeting', 'hi'];
    expect(asked).toEqual(['D', [{ id: 'r1', texts }]]);
  });

  it('is also what was written for what applies, however far from the draft, and only that', async () => {
    const cannedResponses = [
      { id: 'r1', value: 'v' },
      { id: 'r2', value: 'v', tags: ['guideline:g1'], fieldDependencies: ['unknown'] },
    ];
    const far = { rank: async () => [] };
    const ordinary = [toMatch(engineGuideline('g1'))];
    expect(await offeredTo({ cannedResponses, ordinary }, far)).toEqual(['r2']);
    expect(await offeredTo({ cannedResponses }, far)).toEqual([]);
  });

  it('is also what tools bring, each to be told from the others', async () => {
    const staged = [bringing('First'), bringing('{{ unknown }}', 'Second {{ std.agent.name }}', '{{ broken')];
    const script = { selection: [{ templateId: '<transient-3>', quality: 'high' }] };
    const { composed, voice, offered } = compose({ staged }, { script });
    expect(await composed).toEqual({ said: ['Second Ada'] });
    expect(offered()).toEqual(['<transient-1>', '<transient-3>']);
    expect(voice.all.map(toShown)).toContainEqual({
      message: 'Second Ada',
      draft: 'D',
      cannedResponses: [['<transient>', 'Second Ada']],
    });
  });

  it('cannot be filled in: then the draft is sent, unless nothing may be said but what was written', async () => {
    const cannedResponses = [
      { id: 'number', value: '{{ std.customer.name|round }}' },
      {
        id: 'loop',
        value: '{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}',
      },
      { id: 'nothing', value: '{{ std.variables.nobody }}' },
      { id: 'blank', value: '{% if false %}x{% endif %}' },
    ];
    const { composed, voice, asked } = compose({ cannedResponses });
    expect(await composed).toEqual({ said: ['D'] });
    expect(voice.all.map(toShown)).toContainEqual({ message: 'D' });
    expect(asked()).toEqual(['canned_draft']);
    const strict = compose({ cannedResponses, agent: { compositionMode: 'strict_canned' } });
    expect(await strict.composed).toEqual({ said: [noMatch] });
  });

  it('holds what customers write as they wrote it', async () => {
    const cannedResponses = [{ id: 'r1', value: '{{ std.variables.said }} / {{ std.customer.name }}' }];
    const value = '{{ std.agent.name }} {% raw %} $& \\1';
    const situation = {
      customer: { id: 'c', name: '{{ evil }}' },
      variables: [{ name: 'said', description: null, value }],
    };
    const { composed } = compose({ cannedResponses, situation });
    expect(await composed).toEqual({ said: [`${value} / {{ evil }}`] });
  });
});

describe('what a model writes into a response', () => {
  const cannedResponses = [
    { id: 'r1', value: '{{generative.a}} {{ generative.b|upper }} {{generative.a}}' },
    { id: 'r2', value: '{{generative.a}} {{ unknown }}' },
    { id: 'r3', value: '{{generative.c}}' },
  ];
  const values: Readonly<Record<string, string | null>> = { a: '{{ x }}', b: 'b', c: null };

  it('is asked for once by name, where all else is known, and a response without it drops out', async () => {
    const script: Script = { generated_field: ({ name }) => ({ name, value: values[name] }) };
    const { composed, nlp, offered } = compose({ cannedResponses }, { script });
    expect(await composed).toEqual({ said: ['{{ x }} B {{ x }}'] });
    const fields = nlp.asked.flatMap(({ question, input, temperature }) =>
      question === 'generated_field' ? [[input.name, input.template, temperature]] : [],
    );
    expect(fields).toEqual([
      ['a', cannedResponses[0]?.value, 0.1],
      ['b', cannedResponses[0]?.value, 0.1],
      ['c', cannedResponses[2]?.value, 0.1],
    ]);
    expect(offered()).toEqual(['r1']);
  });

  it('is asked for again, with all else, where the model fails', async () => {
    let count = 0;
    const script: Script = {
      generated_field: ({ name }) => (count++ === 0 ? new Error('busy') : { name, value: 'v' }),
    };
    const { composed, asked } = compose({ cannedResponses: cannedResponses.slice(2) }, { script });
    expect(await composed).toEqual({ said: ['v'] });
    expect(asked().filter((question) => question === 'canned_draft')).toHaveLength(2);
  });
});

describe('a draft in the manner of responses', () => {
  const given: TurnGiven = {
    agent: { compositionMode: 'composited_canned' },
    cannedResponses: [{ id: 'r1', value: 'R1' }],
  };

  it('is sent in paragraphs as it came', async () => {
    const { composed, nlp } = compose(given, { script: { recomposition: [{ text: 'A\n\nB' }] } });
    expect(await composed).toEqual({ said: ['A\n\nB'] });
    expect(nlp.asked.at(-1)?.input).toMatchObject({ draft: 'D', templates: [{ id: 'r1', text: 'R1' }] });
  });

  it('is tried again where nothing came of it', async () => {
    const script = { recomposition: [{ text: ' ' }, { text: 'RD' }] };
    const { composed, asked } = compose(given, { script });
    expect(await composed).toEqual({ said: ['RD'] });
    expect(asked()).toEqual(['canned_draft', 'recomposition', 'canned_draft', 'recomposition']);
  });
});

describe('what a draft is made from', () => {
  it('is what applies: instructions by number, principles apart, observations not at all', async () => {
    const input = await draftInputOf({
      ordinary: [
        toMatch(engineGuideline('seen', { action: null })),
        toMatch(engineGuideline('low', { criticality: 'low' })),
        toMatch(engineGuideline('plain'), 'they asked'),
      ],
      toolEnabled: [{ match: toMatch(engineGuideline('tool', { metadata: dependent })), toolIds: ['s:t'] }],
      journeys: [journey('j1')],
    });
    expect(input).toMatchObject({
      guidelines: [
        { n: '1', action: 'action of plain', rationale: 'they asked', score: 10 },
        { n: '2', action: 'action of tool', isCustomerDependent: true, customerPart: 'says when' },
      ],
      principles: [{ n: '1', action: 'action of low' }],
      journeys: [{ title: 'title of j1', description: '' }],
      preamble: null,
      isForTemplates: false,
    });
  });

  it('is what is missing or wrong, with the choices there are and what was given', async () => {
    const problem = {
      toolId: 's:t',
      parameter: 'colour',
      description: 'of the car',
      significance: null,
      examples: ['red'],
      choices: ['red', 'blue'],
      precedence: 1,
    };
    const { toolId: _, precedence: __, ...shown } = problem;
    const insights = { evaluations: [], missing: [problem], invalid: [{ ...problem, value: 'infra-red' }] };
    const { missing, invalid } = await draftInputOf({ insights });
    expect(missing).toEqual([shown]);
    expect(invalid).toEqual([{ ...shown, value: 'infra-red' }]);
  });

  it('is what bridged the time in this turn', async () => {
    const tagged = (trace_id: string) =>
      agentSaid('One moment.', { trace_id, data: { tags: ['__preamble__'] } });
    const preambleAfter = async (...events: Parameters<typeof draftInputOf>[0]['events'] & object) =>
      (await draftInputOf({ events })).preamble;
    expect(await preambleAfter(customerSays('q'), tagged('this turn'))).toBe('One moment.');
    expect(await preambleAfter(tagged('earlier'), customerSays('q'))).toBeNull();
    expect(await preambleAfter(customerSays('q'), agentSaid('No preamble.'))).toBeNull();
  });
});

const dependent = {
  customer_dependent_action_data: { is_customer_dependent: true, customer_action: 'says when' },
};

function toMatch(guideline: GuidelineMatch['guideline'], rationale = ''): GuidelineMatch {
  return { guideline, score: 10, rationale };
}

function journey(id: string) {
  const about = { title: `title of ${id}`, description: '', compositionMode: null, labels: [], steps: [] };
  return { id, priority: 0, tags: [], triggers: [], ...about };
}

function bringing(...cannedResponses: readonly string[]) {
  const result = { data: null, metadata: {}, control: {}, guidelines: [], cannedResponseFields: {} };
  return { toolId: 's:t', arguments: {}, result: { ...result, cannedResponses } };
}

/** The draft is "D", and the first response that is offered is chosen. */
function compose(
  given: TurnGiven,
  { script = {}, ...nlpGiven }: NlpGiven & { readonly script?: Script } = {},
) {
  const nlp = createScriptedNlp(
    {
      canned_draft: [{ body: 'D' }],
      selection: ({ templates }: SelectionInput) => ({ templateId: templates[0]?.id, quality: 'high' }),
      follow_up: [{}],
      ...script,
    },
    nlpGiven,
  );
  const voice = createRecordingVoice();
  const asked = (): readonly QuestionName[] => nlp.asked.map(({ question }) => question);
  const offered = (): readonly string[] =>
    nlp.asked.flatMap(({ question, input }) =>
      question === 'selection' ? input.templates.map(({ id }) => id) : [],
    );
  return {
    composed: createComposer({ nlp }).compose(composerTurn(given), voice),
    voice,
    nlp,
    asked,
    offered,
  };
}

async function offeredTo(given: TurnGiven, nlpGiven: NlpGiven = {}): Promise<readonly string[]> {
  const { composed, offered } = compose(given, nlpGiven);
  await composed;
  return offered();
}

async function draftInputOf(given: TurnGiven): Promise<CannedDraftInput> {
  const { composed, nlp } = compose(given);
  await composed;
  const [first] = nlp.asked;
  if (first?.question !== 'canned_draft') throw new Error('No draft was asked for.');
  return first.input;
}

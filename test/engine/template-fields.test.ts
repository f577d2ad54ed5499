import { describe, expect, it } from 'vitest';
import {
  collectFields,
  fillTemplate,
  sendableResponses,
  type FieldSources,
} from '../../src/engine/composing/template-fields.ts';
import { createTemplateReader } from '../../src/engine/composing/template-reader.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { parseTemplate } from '../../src/templates/parse-template.ts';
import { readVectors } from '../support/vectors.ts';

type ToolCall = { readonly toolId: string; readonly fields?: JsonObject };
type Response = {
  readonly id: string;
  readonly value: string;
  readonly fieldDependencies?: readonly string[];
};
type Case = {
  readonly scenario: {
    readonly agentName?: string;
    readonly customerName?: string;
    readonly history?: readonly { readonly kind?: string; readonly toolCalls?: readonly ToolCall[] }[];
    readonly stagedToolCalls?: readonly ToolCall[];
    readonly cannedResponses?: readonly Response[];
    readonly variables?: JsonObject;
    readonly glossary?: Readonly<Record<string, string>>;
    readonly missing?: readonly string[];
    readonly invalid?: Readonly<Record<string, string>>;
    readonly additionalFields?: JsonObject;
    readonly model?: { readonly generative?: Readonly<Record<string, string | null>> };
  };
  readonly expected: {
    readonly events: readonly { readonly cannedResponses?: readonly (readonly [string, string])[] }[];
    readonly modelCalls: readonly string[];
  };
};

const cases = readVectors<Case>('message-composition', 'canned-composer');
const sentOf = ({ expected }: Case) => expected.events.flatMap(({ cannedResponses = [] }) => cannedResponses);
const responsesOf = ({ scenario }: Case) =>
  (scenario.cannedResponses ?? []).map((response) => ({ fieldDependencies: [], ...response }));

describe('responses of the composer’s cases', () => {
  it.each(cases.filter((each) => sentOf(each).some(([id]) => id !== '<transient>')))(
    '$id $title: are filled in',
    (each) => {
      const fields = collectFields(sourcesOf(each));
      const sendable = sendableResponses(responsesOf(each), fields, createTemplateReader());
      for (const [id, text] of sentOf(each).filter(([id]) => id !== '<transient>')) {
        const { value = '' } = sendable.find((response) => response.id === id) ?? {};
        const rendered = fillTemplate(parseTemplate(value), fields, each.scenario.model?.generative);
        expect(rendered).toEqual({ kind: 'text', text });
      }
    },
  );

  it.each(cases.filter(isSaidWithoutAModel))('$id $title: none can be sent', (each) => {
    const fields = collectFields(sourcesOf(each));
    expect(sendableResponses(responsesOf(each), fields, createTemplateReader())).toEqual([]);
  });
});

/** Something is said although there are responses, and no model is asked which: none of them can be sent. */
function isSaidWithoutAModel(each: Case): boolean {
  const { events, modelCalls } = each.expected;
  return responsesOf(each).length > 0 && events.length > 0 && modelCalls.length === 0 && !each.scenario.model;
}

const nothing: FieldSources = {
  situation: {
    agent: { id: 'a', name: 'Ada', description: null },
    customer: { id: 'c', name: 'Carl' },
    variables: [],
    terms: [],
  },
  insights: { missing: [], invalid: [] },
  staged: [],
  events: [],
  responseFields: {},
};

const fill = (value: string, sources: Partial<FieldSources> = {}, generated = {}) =>
  fillTemplate(parseTemplate(value), collectFields({ ...nothing, ...sources }), generated);

describe('what stands in a template', () => {
  it('is first what the conversation says', () => {
    const situation = {
      ...nothing.situation,
      variables: [{ name: 'plan', description: null, value: { name: 'business', seats: 3 } }],
      terms: [{ name: 'Hub 中', description: 'the {{ shop }}', synonyms: [] }],
    };
    const insights = { missing: [problem('date')], invalid: [problem('colour', 'infra-red')] };
    const value =
      '{{ std.customer.name }}, {{ std.agent.name }}, {{ std.variables.plan.seats }}, {{ std.glossary["Hub 中"] }}, ' +
      '{{ std.missing_params|join }}, {{ std.invalid_params.colour }}';
    const staged = [toStaged({ std: { customer: { name: 'Eve' } } })];
    expect(fill(value, { situation, insights, staged, responseFields: { std: {} } })).toEqual({
      kind: 'text',
      text: 'Carl, Ada, 3, the {{ shop }}, date, infra-red',
    });
  });

  it('is then what tools of this turn found out, then those before, newest first, then what handlers added', () => {
    const sources = {
      staged: [toStaged({ a: 'staged 1', b: null }), toStaged({ a: 'staged 2', b: 'staged 2' })],
      events: [
        toToolEvent({ a: 'old', b: 'old', c: 'old', d: 'old', e: null }),
        { kind: 'message', data: { message: 'hi', participant: { id: null, display_name: 'x' } } },
        toToolEvent({ b: 'new', c: 'new', d: null }),
      ],
      responseFields: { a: 'handler', d: 'handler', e: 'handler', f: 'handler' },
    } as const;
    expect(fill('{{ a }}, {{ b }}, {{ c }}, {{ d }}, {{ e }}, {{ f }}', sources)).toEqual({
      kind: 'text',
      text: 'staged 1, staged 2, new, old, handler, handler',
    });
  });

  it('is last what a model wrote, and nothing where it wrote one of them not', () => {
    const value = '{{generative.a}} {{generative.b}}';
    expect(fill(value, {}, { a: '{{ x }}', b: 'B' })).toEqual({ kind: 'text', text: '{{ x }} B' });
    const missing = { kind: 'missing', fields: ['generative'] };
    expect(fill(value, {}, { a: 'A', b: null })).toEqual(missing);
    expect(fill(value, {}, { a: 'A' })).toEqual(missing);
    expect(fill('{{ generative }}', {}, { a: 'A' })).toEqual(missing);
    expect(fill('{{generative.toString}}', {})).toEqual(missing);
    expect(fill('{{generative.a}}', { staged: [toStaged({ generative: { a: 'tool' } })] })).toEqual({
      kind: 'text',
      text: 'tool',
    });
  });

  it('is missing where nobody knows it, whatever objects have of their own', () => {
    for (const name of ['nobody', 'constructor', '__proto__', 'toString']) {
      expect(fill(`{{ ${name} }}`)).toEqual({ kind: 'missing', fields: [name] });
    }
    const own = JSON.parse('{"__proto__": "own"}') as JsonObject;
    expect(fill('{{ __proto__ }}', { responseFields: own })).toEqual({ kind: 'text', text: 'own' });
  });
});

describe('a response is a candidate', () => {
  const fields = collectFields({
    ...nothing,
    staged: [toStaged({ order: '1', empty: null })],
    events: [toToolEvent({ old: 1 })],
    responseFields: { slot: '9' },
  });
  const isCandidate = (value: string, ...fieldDependencies: string[]) =>
    sendableResponses([{ value, fieldDependencies }], fields, createTemplateReader()).length === 1;

  it.each([
    ['Hello.', [], true],
    ['{{ std.customer.name }} {{generative.a}} {{ order }} {{ old }} {{ slot }}', [], true],
    ['{{ empty }}', [], true],
    ['{{ order }} {{ unknown }}', [], false],
    ['{% if order %}{{ unknown }}{% endif %}', [], false],
    ['Hello.', ['order', 'std', 'generative'], true],
    ['Hello.', ['order', 'unknown'], false],
    ['{{ broken', [], false],
  ] as const)('where all its fields are there: %s, which depends on %j', (value, dependencies, expected) => {
    expect(isCandidate(value, ...dependencies)).toBe(expected);
  });

  it('by what it says now, and not by what it said before', () => {
    const readTemplate = createTemplateReader({ kept: 2 });
    const said = [
      '{{ unknown }}',
      'Hello.',
      '{{ order }}',
      '{{ unknown }}',
      'Hello.',
      '{{ broken',
      '{{ broken',
    ];
    const candidates = said.map((value) =>
      sendableResponses([{ value, fieldDependencies: [] }], fields, readTemplate),
    );
    expect(candidates.map(({ length }) => length)).toEqual([0, 1, 1, 0, 1, 0, 0]);
  });
});

function problem(parameter: string, value?: string) {
  const unknown = { description: null, significance: null, examples: [], choices: [], precedence: null };
  return { toolId: 's:t', parameter, ...unknown, ...(value !== undefined && { value }) };
}

function toStaged(cannedResponseFields: JsonObject) {
  const result = { data: null, metadata: {}, control: {}, cannedResponses: [], guidelines: [] };
  return { result: { ...result, cannedResponseFields } };
}

function toToolEvent(...fields: readonly JsonObject[]) {
  const calls = fields.map((each) => ({
    tool_id: 's:t',
    arguments: {},
    result: { data: null, canned_response_fields: each },
  }));
  return { kind: 'tool', data: { tool_calls: calls } } as const;
}

function sourcesOf({ scenario }: Case): FieldSources {
  const { history = [], stagedToolCalls = [], variables = {}, glossary = {} } = scenario;
  return {
    situation: {
      agent: { id: 'a', name: scenario.agentName ?? 'Ada', description: null },
      customer: { id: 'c', name: scenario.customerName ?? 'Carl' },
      variables: Object.entries(variables).map(([name, value]) => ({ name, description: null, value })),
      terms: Object.entries(glossary).map(([name, description]) => ({ name, description, synonyms: [] })),
    },
    insights: {
      missing: (scenario.missing ?? []).map((name) => problem(name)),
      invalid: Object.entries(scenario.invalid ?? {}).map(([name, value]) => problem(name, value)),
    },
    staged: stagedToolCalls.map(({ fields = {} }) => toStaged(fields)),
    events: history.flatMap(({ toolCalls }) =>
      toolCalls ? [toToolEvent(...toolCalls.map(({ fields = {} }) => fields))] : [],
    ),
    responseFields: scenario.additionalFields ?? {},
  };
}

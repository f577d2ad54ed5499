/** Which tools are called: real tools, and a model that answers what it was told to answer. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { indexRelationships } from '../../src/engine/relational-resolver/relationship-index.ts';
import { createToolInference } from '../../src/engine/tool-calling/tool-inference.ts';
import type { StagedResult, TurnContext } from '../../src/engine/turn-context.ts';
import { NlpError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { systemClock } from '../../src/session/clock.ts';
import { tool, type LocalTool } from '../../src/tools/define-tool.ts';
import type { ToolService } from '../../src/tools/tool-service.ts';
import { createTestClock } from '../support/clock.ts';
import { composerTurn, createScriptedNlp, type Script } from '../support/composer.ts';
import { createToolService, createUnreachableService } from '../support/tool-service.ts';
import { collectWarnings, matchOf, toolsOf, toolTurn } from '../support/tool-turn.ts';

const hours = tool({ name: 'hours', handler: () => 'nine to five' });
const find = tool({ name: 'find', parameters: z.object({ what: z.string() }), handler: () => null });
const book = tool({
  name: 'book',
  parameters: z.object({ time: z.string(), note: z.string().optional() }),
  choices: { time: ({ customerId }) => [`ten, for ${customerId}`, 'eleven'] },
  consequential: true,
  handler: () => null,
});
const cheap = tool({ name: 'cheap', parameters: z.object({ what: z.string() }), handler: () => null });
const loud = tool({
  name: 'loud',
  overlap: 'always',
  parameters: z.object({ what: z.string() }),
  handler: () => null,
});

describe('what a model is asked before tools are called', () => {
  it('is nothing, where a tool can be called again and takes nothing', async () => {
    const { calls, insights, nlp } = await infer({ tools: [hours], wanted: { g: ['local:hours'] } });
    expect(calls).toEqual([{ id: expect.any(String), toolId: 'local:hours', arguments: {} }]);
    expect(insights.evaluations).toEqual([['local:hours', 'needs_to_run']]);
    expect(nlp.asked).toEqual([]);
  });

  it('is what to call it with, where a tool can be called again', async () => {
    const script = { tools_simple: [{ calls: [{ args: { what: 'a chair' } }] }] };
    const { calls, nlp } = await infer({ tools: [find], wanted: { g: ['local:find'] }, script });
    expect(calls.map((call) => call.arguments)).toEqual([{ what: 'a chair' }]);
    expect(nlp.asked.map(({ question }) => question)).toEqual(['tools_simple']);
  });

  it('is every argument, where a mistake cannot be taken back', async () => {
    const script = { tools_full: [full({ time: 'eleven' })] };
    const { calls, nlp } = await infer({ tools: [book], wanted: { g: ['local:book'] }, script });
    expect(calls.map((call) => call.arguments)).toEqual([{ time: 'eleven', note: null }]);
    expect(nlp.asked.map(({ question }) => question)).toEqual(['tools_full']);
  });

  it('shows the tool as it is for this customer, and refuses what it does not take', async () => {
    const script = { tools_full: [full({ time: 'noon' })] };
    const { calls, insights, nlp } = await infer({ tools: [book], wanted: { g: ['local:book'] }, script });
    expect(shownIn(nlp.asked[0]?.input).candidate?.tool.parameters['time']?.enum).toEqual([
      'ten, for c',
      'eleven',
    ]);
    expect(calls).toEqual([]);
    expect(insights.invalid).toMatchObject([
      { parameter: 'time', value: 'noon', choices: ['ten, for c', 'eleven'] },
    ]);
  });

  it('shows the guidelines that want the tool apart from those that only apply, each with one number', async () => {
    const turn = toolTurn(
      { g: ['local:find'], h: ['local:find', 'local:cheap'] },
      { ordinary: [matchOf('o')] },
    );
    const script = { tools_simple: [{ calls: [] }] };
    const { nlp } = await infer({ tools: [find, cheap], turn, script });
    const shown = nlp.asked.map(({ input }) => shownIn(input));
    expect(shown.map(({ guidelines }) => guidelines.map(({ n, action }) => [n, action]))).toEqual([
      [['1', 'action of o']],
      [['1', 'action of o']],
    ]);
    expect(
      shown.map(({ candidate }) => [candidate?.toolId, candidate?.guidelines.map(({ n }) => n)]),
    ).toEqual([
      ['local:find', ['2', '3']],
      ['local:cheap', ['3']],
    ]);
    expect(shown[0]?.candidate?.guidelines[0]).toMatchObject({ rationale: 'g applies', score: 10 });
  });

  it('is about tools together that might serve the same end', async () => {
    const script: Script = {
      tools_overlapping: [
        {
          tools: [
            overlapping('local:find', { what: 'x' }),
            { ...overlapping('local:cheap', { what: 'x' }), alternativeShouldRun: true },
          ],
        },
      ],
    };
    const turn = overlappingTurn({ g: ['local:find', 'local:cheap'] }, ['local:cheap', 'local:find']);
    const { calls, nlp } = await infer({ tools: [find, cheap], turn, script });
    expect(nlp.asked.map(({ question }) => question)).toEqual(['tools_overlapping']);
    expect(calls.map(({ toolId }) => toolId)).toEqual(['local:find']);
  });

  it('a tool that always overlaps sees the others, which do not see it', async () => {
    const script = { tools_simple: [{ calls: [] }] };
    const { nlp } = await infer({ tools: [loud, find], wanted: { g: ['local:loud', 'local:find'] }, script });
    const references = nlp.asked.map(({ input }) => shownIn(input).references.map(({ toolId }) => toolId));
    expect(references).toEqual([['local:find'], []]);
  });

  it('a tool that is asked about twice is not called twice for the same', async () => {
    const script: Script = {
      tools_simple: [{ calls: [{ args: { what: 'x' } }, { args: { what: 'y' } }] }],
      tools_overlapping: [
        { tools: [overlapping('local:find', { what: 'z' }), overlapping('local:loud', { what: 'x' })] },
      ],
    };
    const turn = overlappingTurn({ g: ['local:loud', 'local:find'] }, ['local:find', 'local:loud']);
    const { calls, nlp } = await infer({ tools: [loud, find], turn, script });
    expect(nlp.asked.map(({ question }) => question).toSorted()).toEqual([
      'tools_overlapping',
      'tools_simple',
    ]);
    expect(calls.map((call) => [call.toolId, call.arguments])).toEqual([
      ['local:loud', { what: 'x' }],
      ['local:loud', { what: 'y' }],
      ['local:find', { what: 'z' }],
    ]);
  });

  it('tools that overlap with none are asked about alone, and it is said that a relationship is not heard', async () => {
    const alone = tool({ name: 'alone', overlap: 'none', handler: () => null });
    const turn = overlappingTurn({ g: ['local:hours', 'local:alone'] }, ['local:hours', 'local:alone']);
    const { calls, warnings } = await infer({ tools: [hours, alone], turn });
    expect(calls.map(({ toolId }) => toolId)).toEqual(['local:hours', 'local:alone']);
    expect(warnings).toEqual(['tools that overlap with none have relationships that say otherwise']);
  });

  it('models may write numbers, lists and nothing where text is wanted', async () => {
    const script = { tools_simple: [{ calls: [{ args: { what: 3 } }, { args: { what: ['a', null] } }] }] };
    const { calls } = await infer({ tools: [find], wanted: { g: ['local:find'] }, script });
    expect(calls.map((call) => call.arguments)).toEqual([{ what: '3' }, { what: '["a",null]' }]);
  });
});

describe('a tool that cannot be asked about', () => {
  const brokenChoices = tool({
    name: 'broken',
    parameters: z.object({ what: z.string() }),
    choices: {
      what: () => {
        throw new Error('no database');
      },
    },
    handler: () => null,
  });

  it.each([
    ['because its server is down', 'down:any'],
    ['because there is no such service', 'gone:any'],
    ['because its service has no such tool', 'local:gone'],
    ['because it has no name', 'local'],
    ['because its choices cannot be worked out', 'local:broken'],
  ])('%s, is left out, and the others are called', async (_, toolId) => {
    const { calls, insights, warnings } = await infer({
      tools: [hours, brokenChoices],
      services: { down: createUnreachableService('down') },
      wanted: { g: [toolId, 'local:hours'] },
    });
    expect(calls.map((call) => call.toolId)).toEqual(['local:hours']);
    expect(insights.evaluations).toEqual([
      [toolId, 'cannot_run'],
      ['local:hours', 'needs_to_run'],
    ]);
    expect(insights.missing).toEqual([]);
    expect(warnings).toEqual(['a tool that a guideline wants is left out']);
  });

  it('because its service does not answer, is waited for half a minute', async () => {
    const clock = createTestClock();
    const silent: ToolService = { ...createToolService('any'), resolve: () => new Promise(() => {}) };
    const inferring = infer({ tools: [], services: { silent }, wanted: { g: ['silent:any'] }, clock });
    await expect.poll(() => clock.pending()).toBe(1);
    await clock.advance(29_999);
    expect(clock.pending()).toBe(1);
    await clock.advance(1);
    const { insights } = await inferring;
    expect(insights.evaluations).toEqual([['silent:any', 'cannot_run']]);
  });
});

describe('an answer about tools that cannot be used', () => {
  const failure = new NlpError('scripted', 'it is down');
  const wanted = { g: ['local:find'] };

  it('is asked for again, a little more freely and then less', async () => {
    const script = { tools_simple: [failure, failure, { calls: [{ args: { what: 'x' } }] }] };
    const { calls, nlp } = await infer({ tools: [find], wanted, script });
    expect(calls).toHaveLength(1);
    expect(nlp.asked.map(({ temperature }) => temperature)).toEqual([0.15, 0.3, 0.1]);
  });

  it('three times, fails the inference with the last failure', async () => {
    const failures = ['a', 'b', 'c', 'd'].map((reason) => new NlpError('scripted', reason));
    const inferring = infer({ tools: [find], wanted, script: { tools_simple: failures } });
    await expect(inferring).rejects.toBe(failures[2]);
  });

  it.each([
    ['no calls', {}],
    ['calls that are no list', { calls: 'none' }],
    ['a call without arguments', { calls: [{}] }],
    ['arguments that are a text', { calls: [{ args: 'x' }] }],
  ])('such as %s, is one', async (_, answer) => {
    const script = { tools_simple: [answer, { calls: [{ args: { what: 'x' } }] }] };
    const { calls, nlp } = await infer({ tools: [find], wanted, script });
    expect(calls).toHaveLength(1);
    expect(nlp.asked).toHaveLength(2);
  });

  it('ends the inference at once, and gives up what else is being asked', async () => {
    const signals: AbortSignal[] = [];
    const nlp = createScriptedNlp(
      { tools_simple: [failure], tools_full: [full({ time: 'eleven' })] },
      {
        onAsk(question, { signal }) {
          if (question !== 'tools_full') return undefined;
          signals.push(signal);
          return new Promise(() => {});
        },
      },
    );
    const inferring = infer({ tools: [find, book], wanted: { g: ['local:book', 'local:find'] }, nlp });
    await expect(inferring).rejects.toBe(failure);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is not waited for when the turn is given up', async () => {
    const turn = new AbortController();
    const nlp = createScriptedNlp({}, { onAsk: () => new Promise(() => {}) });
    const inferring = infer({ tools: [find], turn: toolTurn(wanted, { signal: turn.signal }), nlp });
    await expect.poll(() => nlp.asked).toHaveLength(1);
    turn.abort(new Error('given up'));
    await expect(inferring).rejects.toThrow('given up');
  });
});

describe('ids of calls', () => {
  const wanted = { g: ['local:find'] };
  const script = { tools_simple: [{ calls: [{ args: { what: 'x' } }, { args: { what: 'x' } }] }] };
  const staged = (given: Partial<StagedResult> = {}): StagedResult => ({
    toolId: 'local:find',
    arguments: { what: 'x' },
    result: {
      data: 1,
      metadata: {},
      control: {},
      cannedResponses: [],
      cannedResponseFields: {},
      guidelines: [],
    },
    ...given,
  });

  it('are the same when the turn is tried again, and differ between equal calls', async () => {
    const first = await infer({ tools: [find], wanted, script });
    const again = await infer({ tools: [find], turn: toolTurn(wanted, { attempt: 2 }), script });
    expect(idsOf(again)).toEqual(idsOf(first));
    expect(new Set(idsOf(first)).size).toBe(2);
  });

  it('are the same also when the turn knows what came of an earlier attempt', async () => {
    const full1 = { tools_full: [full({ time: 'eleven' })] };
    const first = await infer({ tools: [book], wanted: { g: ['local:book'] }, script: full1 });
    const recalled = staged({
      toolId: 'local:book',
      arguments: { time: 'eleven', note: null },
      recalledCallId: idsOf(first)[0] ?? '',
    });
    const turn = toolTurn({ g: ['local:book'] }, { attempt: 2, staged: [recalled] });
    expect(idsOf(await infer({ tools: [book], turn, script: full1 }))).toEqual(idsOf(first));
  });

  it('go on where the turn has made equal calls before', async () => {
    const only = { tools_full: [full({ time: 'eleven' })] };
    const before = staged({ toolId: 'local:book', arguments: { time: 'eleven', note: null } });
    const first = await infer({ tools: [book], wanted: { g: ['local:book'] }, script: only });
    const turn = toolTurn({ g: ['local:book'] }, { staged: [before] });
    expect(idsOf(await infer({ tools: [book], turn, script: only }))).not.toEqual(idsOf(first));
  });
});

it('without tools there is nothing to ask and nothing to call', async () => {
  const { calls, insights } = await infer({ tools: [], turn: composerTurn() });
  expect({ calls, insights }).toEqual({
    calls: [],
    insights: { evaluations: [], missing: [], invalid: [] },
  });
});

type Inferring = {
  readonly tools: readonly LocalTool[];
  readonly services?: Readonly<Record<string, ToolService>>;
  readonly wanted?: Readonly<Record<string, readonly string[]>>;
  readonly turn?: TurnContext;
  readonly script?: Script;
  readonly nlp?: ReturnType<typeof createScriptedNlp>;
  readonly clock?: ReturnType<typeof createTestClock>;
};

async function infer({
  tools,
  services = {},
  wanted = {},
  turn = toolTurn(wanted),
  script = {},
  nlp = createScriptedNlp(script),
  clock,
}: Inferring) {
  const { warnings, logger } = collectWarnings();
  const inference = createToolInference({
    nlp: nlp satisfies Pick<NlpService, 'ask'>,
    tools: toolsOf(tools, services),
    clock: clock ?? systemClock,
    logger,
  });
  return { ...(await inference.infer(turn, turn.toolEnabled)), nlp, warnings };
}

/** Two tools might serve the same end. */
function overlappingTurn(
  wanted: Readonly<Record<string, readonly string[]>>,
  [one, other]: readonly [string, string],
): TurnContext {
  const turn = toolTurn(wanted);
  const relationships = indexRelationships([
    {
      id: 'r',
      kind: 'overlap',
      source: { type: 'tool', id: one },
      target: { type: 'tool', id: other },
      groupId: null,
    },
  ]);
  return { ...turn, knowledge: { ...turn.knowledge, relationships } };
}

function full(args: JsonObject) {
  return { calls: [{ isApplicable: true, alreadyStaged: false, arguments: toArguments(args) }] };
}

function overlapping(name: string, args: JsonObject) {
  const calls = [{ arguments: toArguments(args), alreadyStaged: false }];
  return { name, isApplicable: true, alternativeShouldRun: false, calls };
}

function toArguments(args: JsonObject) {
  return Object.entries(args).map(([parameter, value]) => ({ parameter, status: 'valid', value }));
}

function idsOf({ calls }: { readonly calls: readonly { readonly id: string }[] }): readonly string[] {
  return calls.map(({ id }) => id);
}

type Shown = {
  readonly guidelines: readonly { readonly n: string; readonly action: string | null }[];
  readonly candidate?: {
    readonly toolId: string;
    readonly tool: LocalTool['tool'];
    readonly guidelines: readonly {
      readonly n: string;
      readonly rationale: string;
      readonly score: number;
    }[];
  };
  readonly references: readonly { readonly toolId: string }[];
};

/** Of a question about one tool. */
function shownIn(input: unknown): Shown {
  return input as Shown; // these tests ask about one tool
}

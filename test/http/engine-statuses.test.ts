/** What a client sees of a turn of the engine, event by event: in every composition mode, with and without a model. */
import { describe, expect, it, vi } from 'vitest';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import { isPreambleRequired } from '../../src/engine/cycle/preamble-decision.ts';
import type { PerformancePolicy } from '../../src/engine/extensions.ts';
import type { AgentOptions } from '../../src/sdk/agent.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { PREAMBLE } from '../../src/sdk/tag.ts';
import { tool } from '../../src/tools/define-tool.ts';
import type { Script } from '../support/composer.ts';
import { type EngineServerOptions, startEngine, toldIn } from '../support/engine-server.ts';

/** Composition and output. */
const manners = {
  fluid: { compositionMode: 'fluid' },
  canned_fluid: { compositionMode: 'canned_fluid' },
  composited_canned: { compositionMode: 'composited_canned' },
  strict_canned: { compositionMode: 'strict_canned' },
  streamed: { compositionMode: 'canned_fluid', outputMode: 'stream' },
} as const satisfies Record<string, Partial<AgentOptions>>;

type Manner = keyof typeof manners;

/** As customers are kept company by default, but without pauses. */
const company: PerformancePolicy = { ...nullPolicy, isPreambleRequired, splitsMessages: true };

const look = tool({ name: 'look', description: 'Looks at it', handler: () => 'blue' });

type Writing = Partial<AgentOptions> & {
  /** Whether there are responses, and words to bridge the time; default: yes. */
  readonly has?: boolean;
};

/** One agent in this manner. Nobody is kept company by it, unless it is said. */
function writeAgent(manner: Manner, { has = true, ...options }: Writing) {
  return (server: DefinedServer): void => {
    const agent = server.createAgent({
      id: manner,
      name: 'Ada',
      performancePolicy: nullPolicy,
      ...manners[manner],
      ...options,
    });
    agent.createGuideline({
      condition: 'The customer asks for the colour',
      action: 'Tell it',
      tools: [look],
    });
    if (!has) return;
    agent.createCannedResponse({ template: 'We open at nine.', signals: ['When do you open?'] });
    agent.createCannedResponse({ template: 'A second, please.', tags: [PREAMBLE] });
  };
}

/** The turns in which a customer says these texts, one after the other, without what is the same in every turn. */
async function play(
  manner: Manner,
  texts: readonly string[],
  { model, ...writing }: Pick<EngineServerOptions, 'model'> & Writing = {},
): Promise<readonly (readonly string[])[]> {
  await using engine = await startEngine(writeAgent(manner, writing), { ...(model && { model }) });
  const id = await engine.session(manner);
  const turns: string[][] = [];
  for (const text of texts) {
    const events = await engine.turn(id, text);
    const told = toldIn(events);
    expect(told.slice(0, 2)).toEqual([`customer: ${text}`, 'acknowledged']);
    expect(new Set(events.map(({ trace_id: of }) => of)).size).toBe(1);
    turns.push(told.slice(2));
  }
  const all = await engine.events(id);
  expect(all.map(({ offset }) => offset)).toEqual(all.map((_, at) => at));
  return turns;
}

/** What a model says that follows no guideline, or all. */
function says(script: Script, { holds = [] }: { readonly holds?: readonly string[] } = {}) {
  return {
    holds,
    script: {
      fluid_message: [{ revisions: [{ content: 'Hi there.', followedAll: true }] }],
      canned_draft: [{ body: 'Hi there.' }],
      selection: [{ templateId: null, quality: 'low' }],
      recomposition: [{ text: 'Good day.' }],
      preamble: [{ text: 'A second, please.' }],
      follow_up: [{ isRequired: false }],
      tools_simple: [{ calls: [{ args: {} }] }],
      ...script,
    },
    async *streamText() {
      yield 'Hi ';
      yield 'there.';
    },
  } satisfies EngineServerOptions['model'];
}

const open = 'When do you open?';
const colour = 'What is the colour?';

describe('a turn that is answered without a model', () => {
  const response = ['processing: Articulating', 'typing', 'agent: We open at nine.', 'ready'];
  it.each<[Manner, readonly string[]]>([
    ['fluid', ['typing', expect.stringMatching(/^agent: \w/)]],
    ['canned_fluid', response],
    ['composited_canned', response],
    ['strict_canned', response],
    ['streamed', ['typing', expect.stringMatching(/^agent in \d pieces: \w/), 'ready']],
  ])('%s: says that it is interpreting, and answers', async (manner, answer) => {
    const [told] = await play(manner, [open]);
    expect(told).toEqual(['processing: Interpreting', ...answer, 'ready: completed']);
  });

  const blue: unknown = expect.stringMatching(/^agent.* blue/i);
  it.each<[Manner, readonly unknown[]]>([
    ['fluid', ['typing', blue]],
    ['canned_fluid', ['processing: Articulating', 'typing', blue, 'ready']],
    ['composited_canned', ['processing: Articulating', 'typing', blue, 'ready']],
    [
      'strict_canned',
      ['processing: Articulating', 'typing', expect.stringMatching(/^agent: I am not sure/), 'ready'],
    ],
    ['streamed', ['typing', blue, 'ready']],
  ])('%s: tells of the tools that it considers and calls, and interprets again', async (manner, answer) => {
    const [told] = await play(manner, [colour]);
    expect(told).toEqual([
      'processing: Interpreting',
      'processing: Considering tools',
      'tool local:look',
      'processing: Interpreting',
      ...answer,
      'ready: completed',
    ]);
  });
});

describe('a turn that a model answers', () => {
  const firstWords = ['typing', 'preamble: A second, please.', 'ready'];
  const chosen = says({
    selection: ({ templates }) => ({ templateId: templates[0]?.id ?? null, quality: 'high' }),
  });
  it.each<[Manner, readonly string[], readonly string[]]>([
    ['fluid', ['ready'], ['typing', 'agent: Hi there.']],
    ['canned_fluid', firstWords, ['processing: Articulating', 'typing', 'agent: We open at nine.', 'ready']],
    ['composited_canned', firstWords, ['processing: Articulating', 'typing', 'agent: Good day.', 'ready']],
    ['strict_canned', firstWords, ['processing: Articulating', 'typing', 'agent: We open at nine.', 'ready']],
    ['streamed', firstWords, ['typing', 'agent in 2 pieces: Hi there.', 'ready']],
  ])('%s: keeps the customer company, as long as both are warming up', async (manner, words, answer) => {
    const turns = await play(manner, [open, open, open, open], { model: chosen, performancePolicy: company });
    const rest = ['processing: Interpreting', ...answer, 'ready: completed'];
    const first = [...words, ...rest];
    expect(turns).toEqual([first, first, first, rest]);
  });

  it('says that it is thinking, once, where it takes long to find out what applies', async () => {
    const found = Promise.withResolvers<void>();
    const policy = { ...nullPolicy, extendedDelayMs: () => 1 };
    const onAsk = (question: string) => (question === 'actionable' ? found.promise : undefined);
    const model = { ...says({}), onAsk };
    await using engine = await startEngine(writeAgent('fluid', { performancePolicy: policy }), { model });
    const id = await engine.session('fluid');
    const { trace_id: traceId } = await engine.say(id, 'Hello');
    const last = async () => toldIn(await engine.events(id)).at(-1);
    await vi.waitFor(async () => expect(await last()).toBe('processing: Thinking'), { timeout: 10_000 });
    found.resolve();
    expect(toldIn(await engine.over(id, traceId))).toEqual([
      'customer: Hello',
      'acknowledged',
      'processing: Interpreting',
      'processing: Thinking',
      'typing',
      'agent: Hi there.',
      'ready: completed',
    ]);
  });

  it('sends paragraphs one after the other, each with its ready', async () => {
    const model = says({ canned_draft: [{ body: 'One.\n\nTwo.' }] });
    const policy = { ...nullPolicy, splitsMessages: true };
    const [told] = await play('canned_fluid', [open], { model, performancePolicy: policy, has: false });
    expect(told).toEqual([
      'processing: Interpreting',
      'typing',
      'agent: One.',
      'ready',
      'typing',
      'agent: Two.',
      'ready',
      'ready: completed',
    ]);
  });

  it('strict_canned: sends what was left unsaid behind the answer', async () => {
    const model = says({
      selection: [{ templateId: '1', quality: 'high' }],
      follow_up: [{ isRequired: true, templateNumber: '1', remainingDraft: 'More.' }],
    });
    await using engine = await startEngine(
      (server) => {
        const agent = server.createAgent({
          id: 'a',
          name: 'Ada',
          compositionMode: 'strict_canned',
          performancePolicy: nullPolicy,
        });
        agent.createCannedResponse({ id: 'first', template: 'First.' });
        agent.createCannedResponse({ id: 'second', template: 'Second.' });
      },
      {
        model: {
          ...model,
          script: { ...model.script, selection: [{ templateId: 'first', quality: 'high' }] },
        },
      },
    );
    const told = toldIn(await engine.turn(await engine.session('a'), 'Hello'));
    expect(told.slice(-8)).toEqual([
      'processing: Articulating',
      'typing',
      'agent: First.',
      'ready',
      'typing',
      'agent: Second.',
      'ready',
      'ready: completed',
    ]);
  });
});

describe('a turn in which nothing is said', () => {
  const noWords = says({ fluid_message: [{ producedReply: false }], canned_draft: [{ body: null }] });
  const silent = {
    ...noWords,
    async *streamText() {
      yield '';
    },
  };
  const threeTimes = (status: string) => Array.from({ length: 3 }, () => status);
  it.each<[Manner, readonly string[]]>([
    ['fluid', ['typing']],
    ['canned_fluid', threeTimes('processing: Articulating')],
    ['composited_canned', threeTimes('processing: Articulating')],
    ['strict_canned', threeTimes('processing: Articulating')],
    ['streamed', ['typing', 'ready']],
  ])('%s: ends as any other', async (manner, rest) => {
    const [told] = await play(manner, [open], { model: silent });
    expect(told).toEqual(['processing: Interpreting', ...rest, 'ready: completed']);
  });
});

describe('a turn for which nothing was written', () => {
  it('strict_canned: says so at once where there is nothing at all to choose from', async () => {
    const [told] = await play('strict_canned', [open], { has: false });
    expect(told).toEqual([
      'processing: Interpreting',
      expect.stringMatching(/^agent: I am not sure/),
      'ready',
      'ready: completed',
    ]);
  });

  it.each<[Manner, string]>([
    ['strict_canned', 'agent: Sorry, what?'],
    ['canned_fluid', 'agent: Hi there.'],
  ])('%s: says so, or what it likes, where nothing fits', async (manner, answer) => {
    const [told] = await play(manner, [open], { model: says({}), noMatch: 'Sorry, what?' });
    expect(told?.slice(-5)).toEqual([
      'processing: Articulating',
      'typing',
      answer,
      'ready',
      'ready: completed',
    ]);
  });
});

describe('a turn that fails', () => {
  const broken = new Error('The model is ill.');
  it.each<[Manner, readonly string[]]>([
    ['fluid', ['typing', 'ready: completed', 'error: AGENT_FAILED']],
    // Operators hear of it.
    ['canned_fluid', [...Array.from({ length: 3 }, () => 'processing: Articulating'), 'ready: completed']],
    [
      'streamed',
      ['typing', 'agent in 1 pieces: Hi (interrupted)', 'ready: completed', 'error: AGENT_FAILED'],
    ],
  ])('%s: is over first, and then tells why', async (manner, rest) => {
    const model = {
      ...says({ fluid_message: [broken], canned_draft: [broken] }),
      async *streamText() {
        yield 'Hi';
        throw broken;
      },
    };
    const [told] = await play(manner, [open], { model });
    expect(told).toEqual(['processing: Interpreting', ...rest]);
  });
});

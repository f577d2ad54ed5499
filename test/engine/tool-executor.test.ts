/** Calling tools: real ones, and a server that speaks the plugin protocol where the connection matters. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { TurnEvent } from '../../src/agents/agent-runner.ts';
import type { CallHistory, ToolCall } from '../../src/engine/stages.ts';
import { createToolExecutor } from '../../src/engine/tool-calling/tool-executor.ts';
import type { StagedResult } from '../../src/engine/turn-context.ts';
import { RunClosedError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { systemClock, type Clock } from '../../src/session/clock.ts';
import { tool, type LocalTool } from '../../src/tools/define-tool.ts';
import { createSdkToolService } from '../../src/tools/sdk-tool-service.ts';
import type { ToolService } from '../../src/tools/tool-service.ts';
import type { ToolContext } from '../../src/tools/tool.ts';
import { createTestClock } from '../support/clock.ts';
import { composerTurn } from '../support/composer.ts';
import { freePort } from '../support/free-port.ts';
import { pluginTool, startPluginServer } from '../support/plugin-server.ts';
import { createUnreachableService } from '../support/tool-service.ts';
import { collectWarnings, toolsOf } from '../support/tool-turn.ts';

describe('calls of tools', () => {
  it('are made at once, and their results come in the order of the calls', async () => {
    const both = Promise.withResolvers<void>();
    const begun: string[] = [];
    const met = (name: string) =>
      tool({
        name,
        async handler() {
          begun.push(name);
          if (begun.length === 2) both.resolve();
          await both.promise;
          return name;
        },
      });
    const { results } = await run([met('one'), met('two')], [call('local:one'), call('local:two')]);
    expect(results.map(({ result }) => result.data)).toEqual(['one', 'two']);
  });

  it('bring their arguments as the tool wants them, and say for whom they are', async () => {
    const { heard, recorder } = createRecorder({ parameters: { count: z.number(), on: z.iso.date() } });
    const { results } = await run([recorder], [call('local:record', { count: '3', on: '2026-01-31' })]);
    expect(heard.map(({ args }) => args)).toEqual([{ count: 3, on: '2026-01-31' }]);
    expect(heard[0]?.context).toMatchObject({
      agentId: 'a',
      sessionId: 's',
      customerId: 'c',
      callId: 'local:record()',
    });
    // As it was decided on: that is what it is known by.
    expect(results.map((result) => result.arguments)).toEqual([{ count: '3', on: '2026-01-31' }]);
  });

  it('that are known already are not made again', async () => {
    const { heard, recorder } = createRecorder();
    const known = staged('local:record', 'known');
    const { results } = await run([recorder], [call('local:record')], {
      history: { done: new Map([['local:record()', known]]) },
    });
    expect(results).toEqual([known]);
    expect(heard).toEqual([]);
  });
});

describe('a call that fails', () => {
  const fails = tool({
    name: 'fails',
    handler() {
      throw new Error('the database is closed');
    },
  });
  const counts = tool({ name: 'counts', parameters: z.object({ n: z.int() }), handler: ({ n }) => n });
  const odd = tool({ name: 'odd', handler: () => 1n });

  it.each([
    [
      'because the tool throws',
      call('local:fails'),
      'The tool "local:fails" failed: Error: the database is closed.',
    ],
    [
      'because its arguments are none',
      call('local:counts', { n: 'many' }),
      'The tool "local:counts" cannot be called so: "n" must be a whole number, not "many".',
    ],
    [
      'because an argument is missing',
      call('local:counts'),
      'The tool "local:counts" cannot be called so: a value is missing for "n".',
    ],
    [
      'because its result is no JSON',
      call('local:odd'),
      'The tool "local:odd" failed: its result is not JSON.',
    ],
    ['because there is no such tool', call('local:gone'), 'There is no tool "local:gone".'],
    ['because there is no such service', call('gone:any'), 'There is no tool service "gone".'],
    [
      'because its server is down',
      call('down:any'),
      'The tool service "down" cannot be asked: nobody answers.',
    ],
  ])('%s, says so to the agent, and why to front ends', async (_, failing, details) => {
    const services = { down: createUnreachableService('down') };
    const { results } = await run([fails, counts, odd], [failing, call('local:counts', { n: '1' })], {
      services,
    });
    expect(results.map(({ result }) => result)).toEqual([
      {
        data: 'This did not work: there is no result.',
        metadata: { error_details: details },
        control: {},
        cannedResponses: [],
        cannedResponseFields: {},
        guidelines: [],
      },
      expect.objectContaining({ data: 1 }),
    ]);
  });

  it('is one that takes longer than two minutes', async () => {
    const clock = createTestClock();
    const signals: AbortSignal[] = [];
    const hangs = tool({
      name: 'hangs',
      handler(_, { signal }) {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    const running = run([hangs], [call('local:hangs')], { clock });
    await expect.poll(() => signals).toHaveLength(1);
    await clock.advance(119_999);
    expect(signals[0]?.aborted).toBe(false);
    await clock.advance(1);
    const { results } = await running;
    expect(results[0]?.result.metadata).toEqual({
      error_details: 'The tool "local:hangs" failed: it took longer than 120 seconds.',
    });
    expect(signals[0]?.aborted).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('leaves nothing of what the customer said on the console', async () => {
    const { facts } = await run([counts], [call('local:counts', { n: 'secret' })]);
    expect(JSON.stringify(facts)).not.toContain('secret');
  });
});

describe('a call that cannot be taken back', () => {
  it('is announced, with all others of its kind, before any of them is made', async () => {
    const { heard, recorder } = createRecorder({ consequential: true });
    const committed = Promise.withResolvers<void>();
    const announced: (readonly ToolCall[])[] = [];
    const calls = [call('local:record', {}, '1'), call('local:free'), call('local:record', {}, '2')];
    const running = run([recorder, tool({ name: 'free', handler: () => null })], calls, {
      announce(about) {
        announced.push(about);
        return committed.promise;
      },
    });
    await expect.poll(() => announced).toEqual([[calls[0], calls[2]]]);
    expect(heard).toEqual([]);
    committed.resolve();
    await running;
    expect(heard.map(({ context }) => context.callId)).toEqual(['local:record(1)', 'local:record(2)']);
  });

  it('is not made when it cannot be announced', async () => {
    const { heard, recorder } = createRecorder({ consequential: true });
    const closed = new RunClosedError('run', 1);
    const running = run([recorder], [call('local:record')], { announce: () => Promise.reject(closed) });
    await expect(running).rejects.toBe(closed);
    expect(heard).toEqual([]);
  });

  it('others are not announced', async () => {
    const { recorder } = createRecorder();
    const { announced } = await run([recorder], [call('local:record')]);
    expect(announced).toEqual([]);
  });

  it('and was begun before, is not made again: the agent is told that nobody knows what became of it', async () => {
    const { heard, recorder } = createRecorder({ consequential: true });
    const begun = call('local:record');
    const { results, announced } = await run([recorder], [begun], { history: { begun: [begun] } });
    expect(heard).toEqual([]);
    expect(announced).toEqual([]);
    const [unknown] = results;
    expect(unknown?.result.data).toContain('It is not known whether this has taken effect');
    expect(unknown?.result.metadata).toEqual({ outcome: 'unknown' });
    expect(unknown?.result.guidelines).toMatchObject([{ criticality: 'high' }]);
    expect(unknown?.result.cannedResponses).toHaveLength(1);
  });

  it('is not made in other words, either, while nobody knows what became of the first', async () => {
    const { heard, recorder } = createRecorder({ consequential: true, parameters: { what: z.string() } });
    const other = tool({ name: 'other', consequential: true, handler: () => 'made' });
    const begun = call('local:record', { what: 'a table for two' });
    const calls = [call('local:record', { what: 'table, 2' }, 'other words'), call('local:other')];
    const { results } = await run([recorder, other], calls, { history: { begun: [begun] } });
    expect(heard).toEqual([]);
    expect(results.map(({ result }) => [result.data, result.metadata])).toEqual([
      [expect.stringContaining('This was not called'), { outcome: 'not_called' }],
      ['made', {}],
    ]);
  });

  it('is known to have been begun also when its server is down now', async () => {
    const begun = call('down:any');
    const services = { down: createUnreachableService('down') };
    const { results } = await run([], [begun], { services, history: { begun: [begun] } });
    expect(results[0]?.result.metadata).toEqual({ outcome: 'unknown' });
  });

  it('a tool that is not of that kind any more is called, by the same id', async () => {
    const { heard, recorder } = createRecorder();
    const begun = call('local:record');
    await run([recorder], [begun], { history: { begun: [begun] } });
    expect(heard.map(({ context }) => context.callId)).toEqual([begun.id]);
  });

  it('and takes too long, may have happened', async () => {
    const clock = createTestClock();
    const hangs = tool({ name: 'hangs', consequential: true, handler: () => new Promise(() => {}) });
    const running = run([hangs], [call('local:hangs')], { clock });
    await expect.poll(() => clock.pending()).toBeGreaterThan(0);
    await clock.advance(120_000);
    const { results } = await running;
    expect(results[0]?.result.metadata).toEqual({
      outcome: 'unknown',
      error_details: 'The tool "local:hangs" failed: it took longer than 120 seconds.',
    });
  });

  it('and answers what cannot be used, may have happened', async () => {
    const odd = tool({ name: 'odd', consequential: true, handler: () => 1n });
    const { results } = await run([odd], [call('local:odd')]);
    expect(results[0]?.result.metadata).toEqual({
      outcome: 'unknown',
      error_details: 'The tool "local:odd" failed: its result is not JSON.',
    });
  });

  it('and throws, has failed: that is what the tool says', async () => {
    const refuses = tool({
      name: 'refuses',
      consequential: true,
      handler() {
        throw new Error('sold out');
      },
    });
    const { results } = await run([refuses], [call('local:refuses')]);
    expect(results[0]?.result.metadata).toEqual({
      error_details: 'The tool "local:refuses" failed: Error: sold out.',
    });
  });
});

describe('a call on another server, that cannot be taken back', () => {
  const broken = '<broken>';

  it.each([
    ['breaks off before the answer', [broken], 'unknown'],
    ['breaks off in the middle of the answer', ['{"result"', broken], 'unknown'],
    ['ends without a result', ['{"status":"processing"}'], 'unknown'],
    ['answers what nobody knows', ['{"dance":1}'], 'unknown'],
    ['has a result that is none', ['{"result":{"control":{"mode":"dance"}}}'], 'unknown'],
    ['is answered with an error', ['{"error":"sold out"}'], undefined],
  ])('and %s', async (_, pieces, outcome) => {
    const answer = function* () {
      for (const piece of pieces) {
        if (piece === broken) throw new Error('cut');
        yield piece;
      }
    };
    const pay = { tool: pluginTool('pay', { consequential: true }), answer };
    await using server = await startPluginServer({ tools: { pay } });
    const remote = createSdkToolService({ serviceName: 'remote', url: server.url });
    const { results } = await run([], [call('remote:pay')], { services: { remote } });
    expect(server.calls).toHaveLength(1);
    expect(results[0]?.result.metadata['outcome']).toBe(outcome);
    expect(results[0]?.result.metadata['error_details']).toContain('"remote:pay"');
  });

  it('and is not even reached, has not happened', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const sdk = createSdkToolService({ serviceName: 'remote', url });
    const remote: ToolService = {
      ...sdk,
      // It was there a moment ago.
      read: async (name) => tool({ name, consequential: true, handler: () => null }).tool,
    };
    const { results } = await run([], [call('remote:pay')], { services: { remote } });
    expect(results[0]?.result.metadata['outcome']).toBeUndefined();
  });
});

describe('what a tool says before it has a result', () => {
  const speaks = tool({
    name: 'speaks',
    async handler(_, { emitMessage, emitStatus, emitCustom }) {
      await emitStatus?.('processing', { stage: 'Looking' });
      await emitMessage?.('One moment.');
      await emitCustom?.({ progress: 0.5 });
      return null;
    },
  });
  const status: TurnEvent = { kind: 'status', data: { status: 'processing', data: { stage: 'Looking' } } };
  const metadata = { tool_call_id: 'local:speaks()' };
  const message: TurnEvent = {
    kind: 'message',
    data: { message: 'One moment.', participant: { id: 'a', display_name: 'Ada' } },
    metadata,
  };
  const custom: TurnEvent = { kind: 'custom', data: { progress: 0.5 }, metadata };

  it('is said by the agent, in order', async () => {
    const { told } = await run([speaks], [call('local:speaks')]);
    expect(told).toEqual([status, message, custom]);
  });

  it('and has said in an earlier attempt, is not said again', async () => {
    const history = { told: new Map([['local:speaks()', 1]]) };
    const { told } = await run([speaks], [call('local:speaks')], { history });
    expect(told).toEqual([status, custom]);
  });

  it.each(['ready', 'acknowledged', 'cancelled', 'error', 'dancing'])(
    '%s is not for a tool to say',
    async (name) => {
      const ends = tool({
        name: 'ends',
        async handler(_, { emitStatus }) {
          await emitStatus?.(name, { stage: 'completed' });
          return 'done';
        },
      });
      const { told, results, warnings } = await run([ends], [call('local:ends')]);
      expect(told).toEqual([]);
      expect(results[0]?.result.data).toBe('done');
      expect(warnings).toEqual(['a tool told a status that only a turn can tell: it is left out']);
    },
  );

  it('ends the turn where the log refuses it, whatever the tool makes of it', async () => {
    const closed = new RunClosedError('run', 1);
    const insists = tool({
      name: 'insists',
      async handler(_, { emitMessage }) {
        await emitMessage?.('x').catch(() => {});
        return null;
      },
    });
    const running = run([insists], [call('local:insists')], { emit: () => Promise.reject(closed) });
    await expect(running).rejects.toBe(closed);
    const breaks = run([speaks], [call('local:speaks')], { emit: () => Promise.reject(closed) });
    await expect(breaks).rejects.toBe(closed);
  });

  it('need not be waited for by the tool', async () => {
    const hurries = tool({
      name: 'hurries',
      handler(_, { emitMessage }) {
        void emitMessage?.('x');
        return null;
      },
    });
    const { told } = await run([hurries], [call('local:hurries')]);
    expect(told).toHaveLength(1);
  });
});

describe('when the turn is given up', () => {
  it('calls are given up, and nothing is waited for', async () => {
    const turn = new AbortController();
    const signals: AbortSignal[] = [];
    const hangs = tool({
      name: 'hangs',
      handler(_, { signal }) {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    const running = run([hangs], [call('local:hangs')], { signal: turn.signal });
    await expect.poll(() => signals).toHaveLength(1);
    turn.abort(new Error('given up'));
    await expect(running).rejects.toThrow('given up');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('between announcing and calling, nothing is called', async () => {
    const turn = new AbortController();
    const { heard, recorder } = createRecorder({ consequential: true });
    const running = run([recorder], [call('local:record')], {
      signal: turn.signal,
      announce: async () => turn.abort(new Error('given up')),
    });
    await expect(running).rejects.toThrow('given up');
    expect(heard).toEqual([]);
  });
});

type Running = {
  readonly services?: Readonly<Record<string, ToolService>>;
  readonly history?: Partial<Omit<CallHistory, 'begun'>> & { readonly begun?: readonly ToolCall[] };
  readonly announce?: (calls: readonly ToolCall[]) => Promise<void>;
  readonly emit?: (events: readonly TurnEvent[]) => Promise<unknown>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
};

async function run(
  tools: readonly LocalTool[],
  calls: readonly ToolCall[],
  { services = {}, history = {}, clock = systemClock, signal, ...given }: Running = {},
) {
  const { warnings, logger } = collectWarnings();
  const facts: object[] = [];
  const told: TurnEvent[] = [];
  const announced: ToolCall[] = [];
  const executor = createToolExecutor({
    tools: toolsOf(tools, services),
    clock,
    logger: {
      warn(about, message) {
        facts.push(about);
        logger.warn(about, message);
      },
    },
  });
  const results = await executor.run(composerTurn(signal && { signal }), calls, {
    history: {
      done: new Map(),
      told: new Map(),
      ...history,
      begun: new Map((history.begun ?? []).map((each) => [each.id, each])),
    },
    announce: async (about) => void announced.push(...about),
    emit: async (events) => void told.push(...events),
    ...given,
  });
  return { results, told, announced, warnings, facts };
}

function call(toolId: string, args: JsonObject = {}, id = ''): ToolCall {
  return { id: `${toolId}(${id})`, toolId, arguments: args };
}

function staged(toolId: string, data: string): StagedResult {
  const nothing = {
    metadata: {},
    control: {},
    cannedResponses: [],
    cannedResponseFields: {},
    guidelines: [],
  };
  return { toolId, arguments: {}, result: { data, ...nothing } };
}

/** A tool that notes how it is called. */
function createRecorder({
  parameters = {},
  consequential = false,
}: { readonly parameters?: z.ZodRawShape; readonly consequential?: boolean } = {}) {
  const heard: { readonly args: object; readonly context: ToolContext }[] = [];
  const recorder = tool({
    name: 'record',
    consequential,
    parameters: z.object(parameters),
    handler: (args, context) => void heard.push({ args, context }),
  });
  return { heard, recorder };
}

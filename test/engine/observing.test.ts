import { takeSpans } from '../support/spans.ts';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEngineObserver } from '../../src/engine/observing/engine-observer.ts';
import { observeMatching } from '../../src/engine/observing/observe-cycle.ts';
import { observeNlp } from '../../src/engine/observing/observed-nlp.ts';
import { NlpError } from '../../src/errors.ts';
import { newTraceId } from '../../src/event-log/ids.ts';
import type { AgentOptions } from '../../src/sdk/agent.ts';
import { createLogScopes } from '../../src/telemetry/log-scopes.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createTelemetry } from '../../src/telemetry/tracing.ts';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import { tool } from '../../src/tools/define-tool.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { composerTurn, createScriptedNlp, customerSays, type Script } from '../support/composer.ts';
import { startWritten, type WrittenOptions } from '../support/written-agent.ts';

beforeEach(() => void takeSpans());

/** An agent that looks up a price, and gives up one guideline for another. */
const write = (more: Partial<AgentOptions>) => (server: DefinedServer) => {
  const agent = server.createAgent({
    id: 'shop',
    name: 'Shop',
    compositionMode: 'fluid',
    performancePolicy: nullPolicy,
    ...more,
  });
  const price = tool({ name: 'price', description: 'The price', handler: () => 12 });
  agent.createGuideline({
    id: 'ask',
    condition: 'They ask for the price',
    action: 'Tell it',
    tools: [price],
  });
  const first = agent.createGuideline({ id: 'first', condition: 'They greet', action: 'Greet them' });
  const second = agent.createGuideline({ id: 'second', condition: 'They wave', action: 'Wave' });
  first.prioritizeOver(second);
};

const script: Script = {
  tools_simple: [{ calls: [{ args: {} }] }, { calls: [] }],
  tools_full: [
    { calls: [{ isApplicable: true, alreadyStaged: false, arguments: [] }] },
    { calls: [{ isApplicable: false, alreadyStaged: true, arguments: [] }] },
  ],
  fluid_message: [{ revisions: [{ content: 'It is 12.', followedAll: true }] }],
};

async function playTurn(options: WrittenOptions = {}, agent: Partial<AgentOptions> = {}) {
  await using program = await startWritten(write(agent), { script, ...options });
  const id = await program.session();
  const events = await program.turn(id, 'How much?');
  await expect.poll(async () => (await program.colloquy.sessions.get(id)).openRun).toBeNull();
  const metrics = await (await fetch(`${program.url}/metrics`)).text();
  const health = (await (await fetch(`${program.url}/healthz`)).json()) as {
    checks: { engine: Record<string, unknown>; nlp: { schemas: object } };
  };
  const spans = takeSpans().filter(({ name }) => name !== 'http.request');
  return { id, traceId: events[0]?.trace_id, spans, metrics: metrics.split('\n'), health };
}

describe('a turn of the engine', () => {
  it('is a span with its iterations, and these with matching, resolving and tools', async () => {
    const { id, traceId, spans } = await playTurn();
    expect(spans.map(({ path }) => path)).toEqual([
      'process › planner',
      'process › preparation_iteration_1 › guideline_matcher',
      'process › preparation_iteration_1 › relational_resolver.resolve',
      'process › preparation_iteration_1 › tool_caller',
      'process › preparation_iteration_1 › tool_caller',
      'process › preparation_iteration_1',
      'process › preparation_iteration_2 › relational_resolver.resolve',
      'process › preparation_iteration_2',
      'process › message_generation',
      'process',
      // When the customer has the answer already.
      'process › response_analysis',
    ]);
    expect(spans.find(({ name }) => name === 'process')?.attributes).toEqual({
      session_id: id,
      agent_id: 'shop',
      trace_id: traceId,
      attempt: 1,
      outcome: 'completed',
    });
    expect(spans.find(({ name }) => name === 'guideline_matcher')?.attributes).toEqual({
      phase: 'initial',
      guidelines: 3,
    });
  });

  it('tells what became active, what did not and why, what tools did, and when the answer was there', async () => {
    const { spans } = await playTurn();
    const events = spans.flatMap((span) => span.events);
    const named = (name: string) => events.filter((event) => event.name === name);
    expect(named('gm.activate').map(({ attributes }) => attributes)).toEqual([
      {
        'guideline.id': 'ask',
        condition: 'They ask for the price',
        action: 'Tell it',
        rationale: 'scripted',
      },
      { 'guideline.id': 'first', condition: 'They greet', action: 'Greet them', rationale: 'scripted' },
    ]);
    expect(named('gm.deactivate')[0]?.attributes).toEqual({
      'guideline.id': 'second',
      reasons: 'It gives way to guideline:first "They greet".',
    });
    expect(named('tc').map(({ attributes }) => attributes)).toEqual([
      { 'tool.id': 'local:price', arguments: '{}', result: '12' },
    ]);
    expect(named('mg.ttfm')).toHaveLength(1);
    expect(named('gen.request_completed').map(({ attributes }) => attributes['schema.name'])).toContain(
      'fluid_message',
    );
  });

  it('is counted, with what was asked and what was called, for /metrics and /healthz', async () => {
    const { metrics, health } = await playTurn();
    for (const line of [
      'colloquy_engine_turns_total{outcome="completed"} 1',
      'colloquy_engine_turn_duration_seconds_count 1',
      'colloquy_engine_first_message_seconds_count 1',
      'colloquy_nlp_requests_total{question="fluid_message",model="scripted",outcome="completed"} 1',
      'colloquy_tool_calls_total{tool="local:price",outcome="completed"} 1',
    ])
      expect(metrics).toContain(line);
    expect(health.checks.engine).toMatchObject({ sample_count: 1, success_rate: 1, recent_errors: {} });
    expect(Object.keys(health.checks.nlp.schemas)).toContain('fluid_message');
  });

  it('that fails says with what', async () => {
    const failure = new NlpError('scripted', 'it was not JSON');
    const { spans, metrics, health } = await playTurn({ script: { ...script, fluid_message: [failure] } });
    expect(spans.find(({ name }) => name === 'process')).toMatchObject({
      failure: failure.message,
      attributes: { outcome: 'failed', 'error.type': 'NLP_FAILED' },
    });
    expect(metrics).toContain('colloquy_engine_turns_total{outcome="failed"} 1');
    const failed = /^colloquy_nlp_requests_total\{question="fluid_message",.*outcome="failed"\} 3$/;
    expect(metrics).toContainEqual(expect.stringMatching(failed));
    expect(health.checks.engine).toMatchObject({ success_rate: 0, recent_errors: { NLP_FAILED: 1 } });
  });

  it('that was taken over by a hook is no failure', async () => {
    const hooks = { acknowledged: async () => 'bail' as const };
    const { spans, health } = await playTurn({}, { hooks });
    expect(spans.map(({ path, attributes }) => [path, attributes['outcome']])).toEqual([['process', 'left']]);
    expect(health.checks.engine).toMatchObject({ sample_count: 1, success_rate: 1 });
  });
});

describe('the log of a turn', () => {
  it('says in each line which turn, how far into it, and where in its work', async () => {
    const { lines, traceId } = await playLogged('trace');
    const asked = lines.find(({ question }) => question === 'actionable');
    expect(asked).toMatchObject({
      traceId,
      turnMs: expect.any(Number),
      scope: '[Matcher][actionable]',
      msg: 'a model was asked',
    });
  });

  it('holds what models were shown and said only at its level trace', async () => {
    const text = 'How much?';
    expect(JSON.stringify((await playLogged('trace')).lines)).toContain(text);
    expect(JSON.stringify((await playLogged('debug')).lines)).not.toContain(text);
  });
});

it('the log of a turn holds what a provider said of its failure only at its level trace', async () => {
  const said = 'no such key: sk-secret';
  const failure = Object.assign(new NlpError('p', 'it refused'), { cause: new Error(said) });
  expect(JSON.stringify((await playLogged('trace', failure)).lines)).toContain(said);
  expect(JSON.stringify((await playLogged('debug', failure)).lines)).not.toContain(said);
});

/** With a logger of the server's own making. */
async function playLogged(logLevel: 'trace' | 'debug', failure?: NlpError) {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)) as Record<string, unknown>); // what pino writes
      done();
    },
  });
  const scopes = createLogScopes();
  const logger = createLogger({ logLevel }, sink, scopes);
  const nlp = createScriptedNlp({ actionable: [failure ?? { checks: [] }] });
  const telemetry = createTelemetry({ scopes });
  const observer = createEngineObserver(telemetry);
  const traceId = newTraceId();
  const turn = observer.begin({ sessionId: 's', agentId: 'a', traceId, attempt: 1 });
  const situation = composerTurn({ events: [customerSays('How much?')] }).situation;
  const { signal } = new AbortController();
  await turn.stage(1, () =>
    observeMatching(telemetry, { phase: 'initial', count: 0, signal }, async () => {
      const asking = observeNlp(nlp, { telemetry, logger });
      const asked = asking.ask('actionable', { situation, guidelines: [] }, { temperature: 0, signal });
      await asked.catch(() => {});
      return [];
    }),
  );
  turn.end('completed');
  return { lines, traceId };
}

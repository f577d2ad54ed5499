import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';

const rates = (perDay: number) => ({
  '1m': expect.any(Number),
  '5m': expect.any(Number),
  '1h': expect.any(Number),
  '1d': Math.round((perDay / 1_440) * 10_000) / 10_000,
});

describe('GET /healthz', () => {
  it('is healthy where nothing has happened yet, and names its instance', async () => {
    await using server = await startServer();
    const { body } = await server.http().get('/healthz').expect(200);
    const none = { status: 'healthy', sample_count: 0 };
    const quick = { p50_latency_ms: 0, p95_latency_ms: 0, p50_ttfm_ms: 0, p95_ttfm_ms: 0 };
    expect(body).toEqual({
      instance_id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
      status: body.checks.event_loop.status,
      checks: {
        engine: { ...none, ...quick, success_rate: 1, recent_errors: {}, turns_per_minute: rates(0) },
        nlp: {
          ...none,
          schemas: {},
          embedders: {},
          requests_per_minute: rates(0),
          tokens_per_minute: rates(0),
        },
        event_loop: { status: expect.any(String), latency_ms: expect.any(Number) },
      },
    });
    const again = await server.http().get('/healthz');
    expect(again.body.instance_id).toBe(body.instance_id);
    await server.restart();
    const restarted = await server.http().get('/healthz');
    expect(restarted.body.instance_id).not.toBe(body.instance_id);
  });

  it('tells of turns that fail, how long they take, and what they fail with; not of those that were given up', async () => {
    await using server = await startServer();
    const ended = (outcome: string, ms: number, more = {}) =>
      server.telemetry.duration('eng.process', ms, { outcome, ...more });
    ended('completed', 1_000);
    ended('left', 3_000);
    ended('failed', 2_000, { 'error.type': 'NLP_FAILED' });
    ended('cancelled', 90_000);
    ended('manual', 90_000);
    server.telemetry.duration('ttfm', 400);
    const { body } = await server.http().get('/healthz').expect(200);
    expect(body.checks.engine).toEqual({
      status: 'unhealthy',
      sample_count: 3,
      success_rate: 0.6667,
      p50_latency_ms: 2_000,
      p95_latency_ms: 3_000,
      p50_ttfm_ms: 400,
      p95_ttfm_ms: 400,
      recent_errors: { NLP_FAILED: 1 },
      turns_per_minute: rates(3),
    });
    expect(body.status).toBe('unhealthy');
  });

  it('tells of language models question by question, the worst of which counts', async () => {
    await using server = await startServer();
    const asked = (schema: string, ms: number, outcome = 'completed') =>
      server.telemetry.duration('gen', ms, { 'schema.name': schema, 'model.name': 'm/1', outcome });
    asked('preamble', 3_000);
    asked('tools_full', 3_000);
    server.telemetry.duration('embed', 10, { 'model.name': 'm/1', outcome: 'completed' });
    server.telemetry.count('input_tokens', 1_000, { 'schema.name': 'preamble', 'model.name': 'm/1' });
    server.telemetry.count('output_tokens', 440, { 'schema.name': 'preamble', 'model.name': 'm/1' });
    const { body } = await server.http().get('/healthz').expect(200);
    expect(body.checks.nlp).toMatchObject({
      status: 'degraded',
      sample_count: 2,
      schemas: {
        preamble: { status: 'degraded', sample_count: 1, p50_latency_ms: 3_000 },
        tools_full: { status: 'healthy', sample_count: 1 },
      },
      embedders: { 'm/1': { status: 'healthy', sample_count: 1 } },
      requests_per_minute: rates(2),
      tokens_per_minute: rates(1_440),
    });
  });
});

describe('GET /metrics', () => {
  it('counts turns of the engine, what models were asked and used, and calls of tools', async () => {
    await using server = await startServer();
    const { telemetry } = server;
    telemetry.duration('eng.process', 1_500, { outcome: 'completed' });
    telemetry.duration('eng.process', 10, { outcome: 'manual' });
    telemetry.duration('ttfm', 600);
    const about = { 'schema.name': 'preamble', 'model.name': 'm/1' };
    telemetry.duration('gen', 20, { ...about, outcome: 'completed' });
    telemetry.duration('gen', 20, { ...about, outcome: 'failed' });
    telemetry.count('output_tokens', 12, about);
    telemetry.count('output_tokens', 3, about);
    telemetry.duration('tc.call', 5, { 'tool.id': 'local:price', outcome: 'completed' });
    const { text } = await server.http().get('/metrics').expect(200);
    for (const line of [
      'colloquy_engine_turns_total{outcome="completed"} 1',
      'colloquy_engine_turns_total{outcome="manual"} 1',
      'colloquy_engine_turn_duration_seconds_sum 1.5',
      'colloquy_engine_first_message_seconds_count 1',
      'colloquy_nlp_requests_total{question="preamble",model="m/1",outcome="completed"} 1',
      'colloquy_nlp_requests_total{question="preamble",model="m/1",outcome="failed"} 1',
      'colloquy_nlp_tokens_total{question="preamble",model="m/1",kind="output"} 15',
      'colloquy_tool_calls_total{tool="local:price",outcome="completed"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });
});

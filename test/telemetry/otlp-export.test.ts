import { describe, expect, it } from 'vitest';
import { run, start, temporaryFolder } from '../packaging/program.ts';
import { attributesOf, startOtlpCollector } from '../support/otlp-collector.ts';

describe('export by OTLP', () => {
  it('sends traces, measurements and logs to where the environment says, with its headers, and the rest at the end', async () => {
    await using folder = await temporaryFolder();
    await using collector = await startOtlpCollector();
    await using program = await start({
      cwd: folder.path,
      env: {
        LOG_LEVEL: 'debug',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-collector',
      },
    });
    await fetch(`${program.url}/agents/nobody`, { headers: { 'x-request-id': 'r1' } });
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    const span = collector.spans().find((each) => attributesOf(each)['request.id'] === 'r1');
    expect(span?.name).toBe('http.request');
    expect(attributesOf(span ?? {})).toEqual({
      'request.id': 'r1',
      operation: 'read agents',
      'http.request.method': 'GET',
      'http.route': '/agents/{agent_id}',
      'http.response.status_code': 404,
      'error.type': 'AGENT_NOT_FOUND',
      agent_id: 'nobody',
    });
    expect(collector.metrics()).toContain('httpreq');
    expect(collector.logs()).toContain('request');
    expect(new Set(collector.requests.map(({ path }) => path))).toEqual(
      new Set(['/v1/traces', '/v1/metrics', '/v1/logs']),
    );
    for (const { authorization } of collector.requests) expect(authorization).toBe('Bearer of-the-collector');
  });

  it('sends a turn as one trace, whose id is that of its events', async () => {
    await using folder = await temporaryFolder();
    await using collector = await startOtlpCollector();
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` };
    await using program = await start({ cwd: folder.path, env });
    const post = async (path: string, body: object) =>
      (await (
        await fetch(program.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()) as Record<string, string>;
    const { id } = await post('/agents', { name: 'Ada' });
    await post('/guidelines', { condition: 'They greet', action: 'Greet them' });
    const turn = await post('/api/chat', { intent: id, message: 'Hello' });
    expect(turn).toMatchObject({ status: 'ready' });
    program.kill('SIGTERM');
    await program.ended;
    const spans = collector.spans().filter(({ traceId }) => traceId === turn['trace_id']);
    const process = spans.find(({ name }) => name === 'process');
    expect(process?.parentSpanId ?? '').toBe('');
    expect(attributesOf(process ?? {})).toMatchObject({ session_id: turn['session_id'], agent_id: id });
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['preparation_iteration_1', 'guideline_matcher', 'message_generation']),
    );
  });

  it('sends only what it was told to', async () => {
    await using folder = await temporaryFolder();
    await using collector = await startOtlpCollector();
    await using program = await start({
      cwd: folder.path,
      env: { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.url}/here` },
    });
    await fetch(`${program.url}/agents`);
    program.kill('SIGTERM');
    await program.ended;
    expect(new Set(collector.requests.map(({ path }) => path))).toEqual(new Set(['/here']));
  });

  it('keeps nobody from ending when the collector is gone', async () => {
    await using folder = await temporaryFolder();
    await using program = await start({
      cwd: folder.path,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    });
    expect((await fetch(`${program.url}/agents`)).status).toBe(200);
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });

  it('says in one line what it cannot do', async () => {
    await using folder = await temporaryFolder();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    const refused = async (more: Record<string, string>) => {
      const { code, stderr } = await run({ cwd: folder.path, env: { ...env, ...more } });
      return [code, stderr];
    };
    expect(await refused({ OTEL_EXPORTER_OTLP_PROTOCOL: 'pigeons' })).toEqual([
      1,
      "OTEL_EXPORTER_OTLP_PROTOCOL must be one of http, http/json, http/protobuf, grpc, not 'pigeons'.\n",
    ]);
    expect(await refused({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
      1,
      expect.stringMatching(
        /^OTEL_EXPORTER_OTLP_… needs packages that are not installed: npm install .* @opentelemetry\/exporter-trace-otlp-grpc .*\n$/,
      ),
    ]);
    expect(await refused({ OTEL_TRACES_SAMPLER_ARG: 'some' })).toEqual([
      1,
      "OTEL_TRACES_SAMPLER_ARG must be from 0 to 1, not 'some'.\n",
    ]);
  });
});

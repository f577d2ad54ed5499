/** What a turn pays for being told of when nobody takes spans: CPU of the wrappers alone, around work that does nothing. */
import { createEngineObserver, type EngineObserver } from '../../src/engine/observing/engine-observer.ts';
import { observeMatching } from '../../src/engine/observing/observe-cycle.ts';
import { observeNlp } from '../../src/engine/observing/observed-nlp.ts';
import { observeStages } from '../../src/engine/observing/observed-stages.ts';
import type { Stages } from '../../src/engine/stages.ts';
import { newTraceId } from '../../src/event-log/ids.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { createHealth } from '../../src/telemetry/health.ts';
import { createLogScopes } from '../../src/telemetry/log-scopes.ts';
import { createEngineMetrics } from '../../src/telemetry/engine-metrics.ts';
import { noTelemetry } from '../../src/telemetry/telemetry.ts';
import { createTelemetry } from '../../src/telemetry/tracing.ts';
import { composerTurn, createRecordingVoice } from '../support/composer.ts';
import { plainRow, type Row } from './row.ts';

const turns = 20_000;
const context = composerTurn();
const voice = createRecordingVoice();
const { signal } = new AbortController();
const usage = { inputTokens: 900, outputTokens: 60 };
const nothing = { calls: [], insights: { evaluations: [], missing: [], invalid: [] } };

const idle: Pick<NlpService, 'ask' | 'rank' | 'name' | 'close'> = {
  name: 'idle',
  ask: async (question) => ({
    answer: {} as never,
    info: { question, model: 'idle/1', durationMs: 0, usage },
  }),
  rank: async () => [],
  close: async () => {},
};
const stages: Stages = {
  matcher: { match: async () => [] },
  inference: { infer: async () => nothing },
  executor: { run: async () => [] },
  composer: { preamble: async () => false, compose: async () => ({ said: [] }) },
  analyst: { analyse: async () => [] },
};

/** Two iterations, eight questions, and an answer. */
async function playTurn(observer: EngineObserver, nlp: NlpService, observed: Stages): Promise<void> {
  const { telemetry } = observer;
  const turn = observer.begin({ sessionId: 's', agentId: 'a', traceId: newTraceId(), attempt: 1 });
  const ask = () =>
    nlp.ask('actionable', { situation: context.situation, guidelines: [] }, { temperature: 0, signal });
  for (const n of [1, 2]) {
    for (let stage = 0; stage < 5; stage += 1) await turn.stage(n, async () => {});
    await turn.stage(n, () =>
      observeMatching(telemetry, { phase: 'initial', count: 10, signal }, async () => {
        await Promise.all([ask(), ask(), ask()]);
        return [];
      }),
    );
    await turn.stage(n, async () => telemetry.span('relational_resolver.resolve', {}, () => {}));
    for (let event = 0; event < 10; event += 1) telemetry.event('gm.activate', () => ({ id: 'g' }));
    await turn.stage(n, () => observed.inference.infer(context, []));
    turn.endIteration();
  }
  await turn.stage(2, async () => {
    await observed.composer.compose(context, voice);
    await ask();
  });
  turn.end('completed');
  await turn.stage(0, () => observed.analyst.analyse(context, [], []));
  await ask();
}

async function measure(observer: EngineObserver, nlp: NlpService): Promise<number> {
  const observed = observeStages(stages, observer);
  for (let n = 0; n < 2_000; n += 1) await playTurn(observer, nlp, observed);
  const before = process.cpuUsage();
  for (let n = 0; n < turns; n += 1) await playTurn(observer, nlp, observed);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / turns;
}

export async function measureTelemetry(): Promise<readonly Row[]> {
  const health = createHealth();
  const measures = [health.measures, createEngineMetrics([])];
  const telemetry = createTelemetry({ scopes: createLogScopes(), measures });
  const bare = await measure(createEngineObserver(noTelemetry), idle);
  const told = await measure(createEngineObserver(telemetry), observeNlp(idle, { telemetry }));
  health.close();
  const what = 'CPU of telling of a turn, nothing exported';
  return [plainRow({ what, measured: told - bare, unit: 'ms', atMost: 0.1, digits: 3 })];
}

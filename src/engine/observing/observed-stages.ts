/** The stages of a turn, each told of as it goes: as a span, by how long it took, and by what came of it. */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { Composer, ComposerVoice, Stages, ToolCall } from '../stages.ts';
import type { StagedResult, TurnContext } from '../turn-context.ts';
import type { EngineObserver } from './engine-observer.ts';
import { measured } from './measured.ts';

export function observeStages(stages: Stages, observer: EngineObserver): Stages {
  const { telemetry } = observer;

  /** Time that is spent on tools is added up. */
  function withTools<Result>(turn: TurnContext, phase: string, work: () => Promise<Result>): Promise<Result> {
    const beganAt = performance.now();
    const about = { as: [`tc.${phase}`], signal: turn.signal };
    return telemetry.span('tool_caller', { phase }, async () => {
      try {
        return await measured(telemetry, about, work);
      } finally {
        const record = observer.recordOf(turn.traceId);
        if (record) record.toolMs += performance.now() - beganAt;
      }
    });
  }

  return {
    // Told of by the cycle, which knows what it matches for (`observe-cycle.ts`).
    matcher: stages.matcher,

    inference: {
      infer: (turn, toolEnabled) => withTools(turn, 'infer', () => stages.inference.infer(turn, toolEnabled)),
    },

    executor: {
      run: (turn, calls, options) =>
        withTools(turn, 'run', async () => {
          const results = await stages.executor.run(turn, calls, options);
          for (const [at, call] of calls.entries()) tellCall(observer, call, results[at]);
          return results;
        }),
    },

    composer: observeComposer(stages.composer, observer),

    analyst: {
      analyse: (turn, matches, said) =>
        telemetry.span('response_analysis', { guidelines: matches.length }, () =>
          measured(telemetry, { as: ['gm.analysis'], signal: turn.signal }, () =>
            stages.analyst.analyse(turn, matches, said),
          ),
        ),
    },
  };
}

function tellCall({ telemetry }: EngineObserver, { toolId, arguments: args }: ToolCall, done?: StagedResult) {
  telemetry.event('tc', () => ({
    'tool.id': toolId,
    arguments: JSON.stringify(args),
    result: JSON.stringify(done?.result.data ?? null),
  }));
}

function observeComposer(composer: Composer, observer: EngineObserver): Composer {
  const { telemetry } = observer;
  return {
    async preamble(turn, voice) {
      const isSaid = await telemetry.scope('Preamble', () => composer.preamble(turn, voice));
      if (isSaid) telemetry.event('canrep.preamble_generated');
      return isSaid;
    },

    compose(turn, voice) {
      const isCanned = turn.agent.compositionMode !== 'fluid';
      const as = ['message_generation', ...(isCanned ? ['canrep'] : [])];
      return telemetry.span('message_generation', { mode: turn.agent.compositionMode }, async () => {
        const heard = observeVoice(voice, (how) => tellFirstWord(observer, turn, how));
        const composed = await measured(telemetry, { as, signal: turn.signal }, () =>
          composer.compose(turn, heard),
        );
        const record = observer.recordOf(turn.traceId);
        if (record) record.gaveUp = composed.gaveUp;
        return composed;
      });
    },
  };
}

/** How the first word of an answer is heard. */
type FirstWord = 'whole' | 'streamed';

function tellFirstWord(observer: EngineObserver, turn: TurnContext, how: FirstWord): void {
  const { telemetry } = observer;
  const record = observer.recordOf(turn.traceId);
  if (!record || record.hasSpoken) return;
  record.hasSpoken = true;
  const ms = performance.now() - record.beganAt;
  telemetry.duration('ttfm', ms);
  if (turn.agent.compositionMode === 'fluid') return telemetry.event('mg.ttfm');
  telemetry.duration('canrep.ttfm', ms);
  telemetry.event(how === 'streamed' ? 'canrep.streaming.ttfm' : 'canrep.ttfm');
}

/** A text that is committed to is as good as heard: it is stored next. */
function observeVoice(voice: ComposerVoice, onFirst: (how: FirstWord) => void): ComposerVoice {
  return {
    ...(voice.told && { told: voice.told }),

    async emit(events) {
      if (hasMessage(events)) onFirst('whole');
      await voice.emit(events);
    },
    commitTo(rest) {
      if (hasMessage(rest)) onFirst('whole');
      voice.commitTo(rest);
    },
    stream: (pieces, about) =>
      voice.stream(
        observePieces(pieces, () => onFirst('streamed')),
        about,
      ),
    pause: (seconds) => voice.pause(seconds),
    hook: (name, payload) => voice.hook(name, payload),
  };
}

function hasMessage(events: readonly TurnEvent[]): boolean {
  return events.some(({ kind }) => kind === 'message');
}

async function* observePieces(
  pieces: AsyncIterable<string>,
  onFirst: () => void,
): AsyncGenerator<string, void> {
  for await (const piece of pieces) {
    onFirst();
    yield piece;
  }
}

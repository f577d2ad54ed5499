/** The stages of a turn: each does one thing with what is kept of the turn, and says how it went. */
import type { CycleFailure, CycleOutput } from '../../../machines/engine-cycle.machine.ts';
import type { AgentTurn } from '../../agents/agent-runner.ts';
import { RunClosedError } from '../../errors.ts';
import type { AgentRecord } from '../../entities/agents.ts';
import { answer } from './answer.ts';
import { createComposerVoice } from './composer-voice.ts';
import { concludeTurn } from './conclude.ts';
import { fairShare } from '../fair-share.ts';
import type { ObservedTurn } from '../observing/engine-observer.ts';
import type { EngineDeps } from './engine-deps.ts';
import { findGuidelines, type Found } from './find-guidelines.ts';
import { hook } from './hooks.ts';
import { loadContext, lookedAt } from './load-context.ts';
import { planPreamble, speakPreamble } from './preamble.ts';
import { acknowledge, prepare } from './prepare.ts';
import { resolveMatches } from './resolve-matches.ts';
import { track } from './track.ts';
import { toFailure } from './turn-failure.ts';
import { createTurnWork, toEnding, type TurnWork } from './turn-work.ts';
import { callTools, inferTools } from './use-tools.ts';

type Failed = { readonly kind: 'failed'; readonly error: CycleFailure };
type StageInput = { readonly runId: string; readonly iteration: number };

/** `signal`: nobody waits for it any more. */
type Stage<Output> = (input: StageInput, signal: AbortSignal) => Promise<Output>;

export type CycleStagesOptions = {
  /** The text of the answer is there. */
  readonly onText: () => void;
  /** Every stage is told of. */
  readonly observed: ObservedTurn;
};

export type CycleStages = ReturnType<typeof createCycleStages>;

export function createCycleStages(
  deps: EngineDeps,
  agent: AgentRecord,
  turn: AgentTurn,
  { onText, observed }: CycleStagesOptions,
) {
  let begun: TurnWork | undefined;
  let found: Found | undefined;
  let failure: unknown;

  /** Every state but the first comes behind `load`. */
  function work(): TurnWork {
    if (!begun) throw new Error('The turn was not loaded.');
    return begun;
  }

  /**
   * Failures are outputs; what failed because nobody waits for it any more is not heard. `isBeside`: it goes on beside matching, whose
   * signal is the turn's as long as that lasts. Each waits for its share of the event loop.
   */
  function stage<Output>(
    run: (signal: AbortSignal, input: StageInput) => Promise<Output>,
    { isBeside = false }: { readonly isBeside?: boolean } = {},
  ): Stage<Output | Failed> {
    return async (input, signal) => {
      await fairShare();
      signal.throwIfAborted();
      if (begun && !isBeside) begun.learn({ signal, iteration: input.iteration });
      try {
        return await observed.stage(input.iteration, () => run(signal, input));
      } catch (error) {
        if (signal.aborted) throw error;
        failure = error;
        return { kind: 'failed', error: toFailure(error) };
      }
    };
  }

  return {
    load: stage(async (signal) => {
      const context = await loadContext(deps, {
        ...turn,
        traceId: turn.runId,
        agent,
        signal,
        readEvents: () => turn.history.last(deps.historyLimit, { kinds: lookedAt }),
      });
      begun = createTurnWork(deps, turn, context);
      // A turn that was begun is finished, also where one of its own tools has called for a person.
      const isManual = context.sessionMode === 'manual' && turn.voice.told.length === 0;
      return { kind: isManual ? 'manual' : 'ready' } as const;
    }),
    acknowledge: stage(async () => unlessBailed(await acknowledge(work()))),
    prepare: stage(async () => unlessBailed(await prepare(work()))),
    beginIteration: stage(async () => {
      if (!(await hook(work(), 'preparationIterationStart'))) {
        observed.endIteration();
        return { kind: 'bailed' } as const;
      }
      return { kind: 'go', preambleAt: planPreamble(work()) } as const;
    }),
    speakPreamble: stage(
      async (signal) => {
        if (!(await speakPreamble(work(), signal))) return { kind: 'bailed' } as const;
        const { policy } = work().context.extensions;
        return { kind: 'said', interpretAt: deps.clock.now() + policy.processingDelayMs() } as const;
      },
      { isBeside: true },
    ),
    announceInterpreting: stage(
      async () => {
        work().tell('processing', { stage: 'Interpreting' });
        const isFirst = work().iterations.length === 0;
        const delay = isFirst ? work().context.extensions.policy.extendedDelayMs() : null;
        return { kind: 'done', thinkingAt: delay === null ? null : deps.clock.now() + delay } as const;
      },
      { isBeside: true },
    ),
    announceThinking: stage(
      async () => {
        work().tell('processing', { stage: 'Thinking' });
        return { kind: 'done' } as const;
      },
      { isBeside: true },
    ),
    match: stage(async () => {
      found = await findGuidelines(work());
      return { kind: 'done' } as const;
    }),
    resolve: stage(async () => {
      const hasTools = found !== undefined && (await resolveMatches(work(), found));
      return { kind: hasTools ? 'tools' : 'done' } as const;
    }),
    infer: stage(async () => ({ kind: (await inferTools(work())) ? 'calls' : 'done' }) as const),
    call: stage(async () => {
      await callTools(work());
      return { kind: 'done' } as const;
    }),
    track: stage(async () => {
      const again = await track(work());
      observed.endIteration();
      return { kind: again ? 'again' : 'prepared' } as const;
    }),
    answer: stage(async (ofStage) => {
      // A turn that is given up when its answer exists goes on, but whoever gives it up has said the rest: nothing is waited for any more.
      const signal = AbortSignal.any([ofStage, turn.signal]);
      work().learn({ signal });
      const voice = createComposerVoice({ work: work(), voice: turn.voice, onText, signal });
      return unlessBailed(await answer(work(), voice));
    }),
    conclude: stage(async () => {
      work().describe();
      await turn.voice.end();
      work().voices.end();
      return { kind: 'done' } as const;
    }),
    analyse: stage(async () => {
      await concludeTurn(work());
      return { kind: 'done' } as const;
    }),
    fail: async (): Promise<{ readonly kind: 'told' | 'silent' }> => {
      // What the log refuses is no failure of the turn: it was given up.
      if (!begun || failure instanceof RunClosedError) return { kind: 'told' };
      // A turn that failed is not remembered.
      turn.voice.describe({ data: toEnding(begun.context) });
      return { kind: (await hook(begun, 'error', { error: failure })) ? 'told' : 'silent' };
    },
    waitUntil: ({ at }: { readonly at: number }, signal: AbortSignal) => deps.clock.waitUntil(at, signal),
    /** What a turn failed with, as it was thrown. */
    failureOf: ({ error }: CycleOutput): unknown =>
      failure ?? new Error(error?.message ?? 'The turn failed.'),
  };
}

function unlessBailed(goesOn: boolean) {
  return { kind: goesOn ? 'done' : 'bailed' } as const;
}

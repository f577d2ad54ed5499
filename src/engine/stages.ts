/**
 * What a turn consists of, besides its order: five stages around questions to a model. The cycle (`machines/engine-cycle.machine.ts`)
 * decides when; a stage never emits anything by itself and never looks at a clock.
 */
import type { TurnEvent } from '../agents/agent-runner.ts';
import type { JsonObject, SessionEvent } from '../event-log/event.ts';
import type { ToolId } from '../tools/tool.ts';
import type { EngineGuideline, GuidelineMatch } from './guideline.ts';
import type { StagedResult, ToolEnabledMatch, ToolInsights, TurnContext } from './turn-context.ts';

export interface GuidelineMatcher {
  /**
   * Which of these apply. Steps of journeys that are not among `activeJourneys` are left out; a journey gives at most one step. What the
   * customer must be asked to make clear is in it as a transient guideline. One failed question fails it (after its retries).
   */
  match(
    turn: TurnContext,
    request: {
      readonly guidelines: readonly EngineGuideline[];
      /** Ids. */
      readonly activeJourneys: readonly string[];
    },
  ): Promise<readonly GuidelineMatch[]>;
}

/** A call that was decided on. The id is the same in every attempt at this turn. */
export type ToolCall = { readonly id: string; readonly toolId: ToolId; readonly arguments: JsonObject };

export type Inference = { readonly calls: readonly ToolCall[]; readonly insights: ToolInsights };

export interface ToolInference {
  /** Which tools of these guidelines to call, and what is not known for it. */
  infer(turn: TurnContext, toolEnabled: readonly ToolEnabledMatch[]): Promise<Inference>;
}

/** What is known of calls that were made before, by their ids. */
export type CallHistory = {
  /** With their results. They are not made again. */
  readonly done: ReadonlyMap<string, StagedResult>;
  /** Of consequence, begun, and nobody knows how they ended. */
  readonly begun: ReadonlyMap<string, ToolCall>;
  /** How many events they have told already: these are not told again. */
  readonly told: ReadonlyMap<string, number>;
};

export interface ToolExecutor {
  /**
   * All at once. A failed call has a result that says so; one of consequence that was begun before is not made again: its outcome is
   * unknown, and the result says so. As long as it is, no other call of its tool is made: with a model it might be the same in other
   * words. `announce` is awaited before calls of consequence are made: their intent is then on disk. Rejects with the signal's reason,
   * or with what `announce` and `emit` reject with.
   */
  run(
    turn: TurnContext,
    calls: readonly ToolCall[],
    options: {
      readonly history: CallHistory;
      readonly announce: (calls: readonly ToolCall[]) => Promise<void>;
      /** What a tool says before it has a result. */
      readonly emit: (events: readonly TurnEvent[]) => Promise<unknown>;
    },
  ): Promise<readonly StagedResult[]>;
}

/** How a composer is heard. */
export interface ComposerVoice {
  /** What earlier attempts at this turn have told, in order; absent: there was none. */
  readonly told?: readonly SessionEvent[];
  /** In order. A status is not waited for, a message is on disk when this resolves. */
  emit(events: readonly TurnEvent[]): Promise<void>;
  /**
   * The text exists; `rest`: everything that is still to be emitted. From now on the turn is finished, not cancelled. Called before
   * anything of an answer is emitted, again together with each emission, and for a message behind the answer.
   */
  commitTo(rest: readonly TurnEvent[]): void;
  /** Text while it is made: one message, and chunks on the way. Resolves when it is whole and stored. `metadata`: asked when it is whole. */
  stream(pieces: AsyncIterable<string>, about?: { readonly metadata?: () => JsonObject }): Promise<void>;
  /** Waits, in the turn's time. A rejection ends the pause, and nothing else. */
  pause(seconds: number): Promise<void>;
  /** The program's hooks; false: one of them bailed out. */
  hook(name: 'preambleGenerated' | 'draftGenerated' | 'messageGenerated', payload: string): Promise<boolean>;
}

/** What came of an answer. */
export type Composed = {
  /** The texts that are sent, also those that an earlier attempt at this turn has sent; none: the agent is silent. */
  readonly said: readonly string[];
  /** The agent is silent because no attempt came to an end; this is the last failure. Customers are not told, operators are. */
  readonly gaveUp?: unknown;
};

export interface Composer {
  /** A few words to bridge the time; whether anything was said. */
  preamble(turn: TurnContext, voice: ComposerVoice): Promise<boolean>;
  /**
   * Makes the answer and says it, but for its last message with what belongs to it: that is what `commitTo` was told last, and is
   * emitted by the caller, with the end of the turn. Rejects where no text could be made and the customer must be told.
   */
  compose(turn: TurnContext, voice: ComposerVoice): Promise<Composed>;
}

export interface ResponseAnalyst {
  /** Which of these guidelines were followed by what was said: ids. */
  analyse(
    turn: TurnContext,
    matches: readonly GuidelineMatch[],
    said: readonly string[],
  ): Promise<readonly string[]>;
}

export type Stages = {
  readonly matcher: GuidelineMatcher;
  readonly inference: ToolInference;
  readonly executor: ToolExecutor;
  readonly composer: Composer;
  readonly analyst: ResponseAnalyst;
};

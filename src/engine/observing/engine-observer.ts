/**
 * What the engine tells of its turns: spans for their parts, how long these took, and when the first word of an answer was there. One
 * for all turns; what it keeps of a turn goes with the turn.
 */
import type { CycleOutcome } from '../../../machines/engine-cycle.machine.ts';
import { errorClassOf, type OpenSpan, type Telemetry } from '../../telemetry/telemetry.ts';

export type TurnIdentity = {
  readonly sessionId: string;
  readonly agentId: string;
  readonly traceId: string;
  readonly attempt: number;
};

/** How it ended for whoever watches the engine. `gaveUp`: the agent stayed silent, because no text could be made. */
export type TurnOutcome = CycleOutcome | 'gaveUp';

/** What is kept of a turn until it ends. `performance.now()`, milliseconds. */
export type TurnRecord = {
  readonly beganAt: number;
  /** Spent on tools in the iteration under way; 0: no tool was thought of. */
  toolMs: number;
  /** Whether somebody has heard of the answer. */
  hasSpoken: boolean;
  gaveUp: unknown;
};

export interface ObservedTurn {
  /** Runs a stage as a part of its iteration, or of the turn where it is part of none (0). */
  stage<Result>(iteration: number, work: () => Result): Result;
  /** What comes is part of the next one, or of none. */
  endIteration(): void;
  end(outcome: TurnOutcome, failure?: unknown): void;
}

export interface EngineObserver {
  readonly telemetry: Telemetry;
  begin(turn: TurnIdentity): ObservedTurn;
  /** What is said on request. */
  utterance<Result>(turn: TurnIdentity, work: () => Promise<Result>): Promise<Result>;
  /** Undefined: it has ended. */
  recordOf(traceId: string): TurnRecord | undefined;
}

export function createEngineObserver(telemetry: Telemetry): EngineObserver {
  const records = new Map<string, TurnRecord>();

  function keep(traceId: string): TurnRecord {
    const record = { beganAt: performance.now(), toolMs: 0, hasSpoken: false, gaveUp: undefined };
    records.set(traceId, record);
    return record;
  }

  return {
    telemetry,
    recordOf: (traceId) => records.get(traceId),

    begin(turn) {
      const { traceId } = turn;
      const record = keep(traceId);
      const span = telemetry.begin('process', { traceId, attributes: toAttributes(turn) });
      const iterations = followIterations({ telemetry, span, record });
      return {
        ...iterations,
        end(outcome, failure) {
          iterations.endIteration();
          if (records.get(traceId) === record) records.delete(traceId);
          const gaveUp = outcome === 'completed' && record.gaveUp !== undefined;
          endTurn({ telemetry, span, record }, gaveUp ? 'gaveUp' : outcome, failure ?? record.gaveUp);
        },
      };
    },

    async utterance(turn, work) {
      const { traceId } = turn;
      const { beganAt } = keep(traceId);
      const span = telemetry.begin('utter', { traceId, attributes: toAttributes(turn) });
      try {
        const result = await span.within(work);
        span.end();
        return result;
      } catch (failure) {
        span.end({ failure });
        throw failure;
      } finally {
        records.delete(traceId);
        telemetry.duration('eng.utter', performance.now() - beganAt);
      }
    },
  };
}

function toAttributes({ sessionId, agentId, traceId, attempt }: TurnIdentity) {
  return { session_id: sessionId, agent_id: agentId, trace_id: traceId, attempt };
}

type Observing = { readonly telemetry: Telemetry; readonly span: OpenSpan; readonly record: TurnRecord };

function followIterations({ telemetry, span, record }: Observing): Omit<ObservedTurn, 'end'> {
  let open: { readonly n: number; readonly span: OpenSpan } | undefined;
  let ended = 0;
  return {
    stage(n, work) {
      if (n <= ended) return span.within(work);
      if (open?.n !== n) {
        open = { n, span: span.within(() => telemetry.begin(`preparation_iteration_${n}`)) };
      }
      const { span: iteration } = open;
      return span.within(() => iteration.within(work));
    },

    endIteration() {
      if (!open) return;
      if (record.toolMs > 0) telemetry.duration('tc', record.toolMs);
      record.toolMs = 0;
      ended = open.n;
      open.span.end();
      open = undefined;
    },
  };
}

function endTurn({ telemetry, span, record }: Observing, outcome: TurnOutcome, failure: unknown): void {
  const hasFailed = outcome === 'failed' || outcome === 'failedSilently' || outcome === 'gaveUp';
  const error = hasFailed ? { 'error.type': errorClassOf(failure) } : {};
  telemetry.duration('eng.process', performance.now() - record.beganAt, { outcome, ...error });
  span.end({ ...(hasFailed && { failure }), attributes: () => ({ outcome }) });
}

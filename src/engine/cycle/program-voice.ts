/**
 * How the program's own functions are heard in a turn: in the agent's name, fenced by the log as the agent is, and behind `ready` beside
 * the run. What an earlier attempt at the turn has told is not told again.
 */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { toMessage } from '../composing/turn-events.ts';
import type { ProgramVoice } from '../extensions.ts';
import { toldByKey } from '../hooks/told-by.ts';
import type { TurnContext } from '../turn-context.ts';
import type { TurnSite } from './turn-work.ts';

export type ProgramVoices = {
  /** `toldBy`: the name of the hook, or the id of what a handler belongs to. */
  of(toldBy: string): ProgramVoice;
  /** How many messages and custom events were told. */
  count(): number;
  /** The turn is over: what is told from now on stands beside its run. */
  end(): void;
};

export type ProgramVoicesOptions = {
  readonly site: Pick<TurnSite, 'voice'>;
  readonly log: Pick<EventLog, 'append'>;
  readonly turn: Pick<TurnContext, 'agent' | 'sessionId' | 'traceId'>;
};

export function createProgramVoices({ site, log, turn }: ProgramVoicesOptions): ProgramVoices {
  const repeated = countTold(site.voice.told);
  let isOver = false;
  let count = 0;

  async function tell(event: TurnEvent): Promise<void> {
    const { sessionId, traceId } = turn;
    if (!isOver) await site.voice.emit([event]);
    else await log.append(sessionId, [{ ...event, source: 'ai_agent', trace_id: traceId }]);
  }

  async function tellOnce(toldBy: string, event: TurnEvent): Promise<void> {
    const left = repeated.get(toldBy) ?? 0;
    if (left > 0) return void repeated.set(toldBy, left - 1);
    count += 1;
    await tell({ ...event, metadata: { [toldByKey]: toldBy } });
  }

  return {
    of: (toldBy) => ({
      emitMessage: (text) => unawaited(tellOnce(toldBy, toMessage(turn, text))),
      emitCustom: (data) => unawaited(tellOnce(toldBy, { kind: 'custom', data })),
      emitStatus: (status, data = {}) => unawaited(tell({ kind: 'status', data: { status, data } })),
    }),
    count: () => count,
    end() {
      isOver = true;
    },
  };
}

function countTold(told: TurnSite['voice']['told']): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { metadata } of told) {
    const toldBy = metadata[toldByKey];
    if (typeof toldBy === 'string') counts.set(toldBy, (counts.get(toldBy) ?? 0) + 1);
  }
  return counts;
}

/** A function need not wait for what it says. */
function unawaited(telling: Promise<void>): Promise<void> {
  telling.catch(() => {});
  return telling;
}

/**
 * Calls that were made before this attempt began, so that the agent knows of them, whatever it decides now: those of earlier attempts at
 * this turn, with their results; and those of consequence that were begun and not heard of, because the process died or the turn was cut
 * short. Of these it is told, once and for all, that their outcome is not known; who is told so can ask for them once more, in the next
 * turn.
 */
import type { EventLog } from '../../event-log/event-log.ts';
import type { SessionEvent } from '../../event-log/event.ts';
import type { CallHistory, ToolCall } from '../stages.ts';
import { isUnknown, unknownCall } from '../tool-calling/call-outcomes.ts';
import type { StagedResult } from '../turn-context.ts';
import { isFinished } from './agent-state.ts';
import { announcedIn, countTold, resultsIn, toToolEvent } from './tool-events.ts';
import type { TurnWork } from './turn-work.ts';

export async function recallCalls(work: TurnWork): Promise<void> {
  const { voice } = work.turn;
  const { sessionId, traceId } = work.context;
  const results = resultsIn(voice.told);
  const announced = announcedIn(voice.told);
  const lost = [...announced.values()].filter(({ id }) => !results.has(id));
  const cutShort = await readCutShort(work.deps.log, { sessionId, traceId });
  const unknown = [...cutShort, ...lost].map((call) => [call.id, unknownCall(call)] as const);
  if (unknown.length > 0) await voice.emit(unknown.map(([id, result]) => toToolEvent(id, result)));
  const known = new Map([...unknown, ...results]);
  work.calls = {
    done: known,
    begun: pick([...cutShort, ...announced.values()], (id) => isInDoubt(known.get(id))),
    told: countTold(voice.told),
  };
  const staged = [...known].map(([id, result]): StagedResult => ({ ...result, recalledCallId: id }));
  if (staged.length > 0) work.learn({ staged });
}

/** With what has just come of calls. */
export function remember(
  history: CallHistory,
  came: readonly (readonly [call: ToolCall, result: StagedResult])[],
): CallHistory {
  const inDoubt = came.filter(([, result]) => isUnknown(result)).map(([call]) => [call.id, call] as const);
  return { ...history, begun: new Map([...history.begun, ...inDoubt]) };
}

function isInDoubt(result: StagedResult | undefined): boolean {
  return result === undefined || isUnknown(result);
}

function pick(calls: readonly ToolCall[], isWanted: (id: string) => boolean): ReadonlyMap<string, ToolCall> {
  return new Map(calls.flatMap((call) => (isWanted(call.id) ? [[call.id, call]] : [])));
}

/** How many status events are looked at. A turn that was cut short is looked for by the very next one. */
const lookBack = 40;

/** Calls of other turns that were announced and never heard of. What a turn that came to its end does not tell of, is known. */
async function readCutShort(
  log: Pick<EventLog, 'read'>,
  { sessionId, traceId }: { readonly sessionId: string; readonly traceId: string },
): Promise<readonly ToolCall[]> {
  const statuses = await log.read(sessionId, { kinds: ['status'], last: lookBack });
  const finished = new Set(statuses.filter(isFinished).map(({ trace_id: id }) => id));
  const others = statuses.filter(({ trace_id: id }) => id !== traceId && !finished.has(id));
  const announced = announcedIn(others);
  if (announced.size === 0) return [];
  const told = resultsIn(await log.read(sessionId, { kinds: ['tool'], from: offsetOf(others) }));
  return [...announced.values()].filter(({ id }) => !told.has(id));
}

function offsetOf([first]: readonly SessionEvent[]): number {
  return first?.offset ?? 0;
}

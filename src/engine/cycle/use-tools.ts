/** Tools in a turn: which to call, calling them, and what is told of it. What was begun in an earlier attempt is not begun again. */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { Json, JsonObject, SessionEvent } from '../../event-log/event.ts';
import { type StoredToolCall, toolCallsOf } from '../composing/tool-calls.ts';
import type { CallHistory, ToolCall } from '../stages.ts';
import type { StagedResult, ToolInsights } from '../turn-context.ts';
import { recallTerms } from './prepare.ts';
import type { TurnWork } from './turn-work.ts';

/** Whether there are calls to make. */
export async function inferTools(work: TurnWork): Promise<boolean> {
  work.tell('processing', { stage: 'Considering tools' });
  const { context, deps, plan } = work;
  const inferred = await deps.stages.inference.infer(context, context.toolEnabled);
  const calls = (await plan.onToolsInferred?.(inferred)) ?? inferred.calls;
  work.current = { ...work.current, inference: { ...inferred, calls } };
  const isFirst = work.iterations.length === 0;
  work.learn({ insights: isFirst ? inferred.insights : joined(context.insights, inferred.insights) });
  return calls.length > 0;
}

export async function callTools(work: TurnWork): Promise<void> {
  const { calls } = work.current.inference;
  const { voice } = work.turn;
  const history = toCallHistory(voice.told);
  const results = await work.deps.stages.executor.run(work.context, calls, {
    history,
    announce: async (announced) => void (await voice.emit([toIntent(announced)])),
    emit: (events) => voice.emit(events),
  });
  work.current = { ...work.current, ran: results.length };
  const told = calls.flatMap((call, n) => {
    const result = results[n];
    return result && isLasting(result) && !history.done.has(call.id) ? [toToolEvent(call, result)] : [];
  });
  if (told.length > 0) await voice.emit(told);
  work.learn({ staged: [...work.context.staged, ...results] });
  await work.plan.onToolsCalled?.(results);
  await recallTerms(work, work.context.ordinary);
}

function joined(before: ToolInsights, now: ToolInsights): ToolInsights {
  return {
    evaluations: [...before.evaluations, ...now.evaluations],
    missing: [...before.missing, ...now.missing],
    invalid: [...before.invalid, ...now.invalid],
  };
}

function isLasting({ result }: StagedResult): boolean {
  return result.control.lifespan !== 'response';
}

const callIdsKey = 'tool_call_ids';

/** One event per call, as Parlant's clients expect. */
function toToolEvent(call: ToolCall, { result }: StagedResult): TurnEvent {
  const { data, metadata, control, cannedResponses, cannedResponseFields, guidelines } = result;
  return {
    kind: 'tool',
    data: {
      tool_calls: [
        {
          tool_id: call.toolId,
          arguments: call.arguments,
          result: {
            data,
            metadata,
            control,
            canned_responses: cannedResponses,
            canned_response_fields: cannedResponseFields,
            ...(guidelines.length > 0 && { guidelines: guidelines as readonly JsonObject[] }), // plain data
          },
        },
      ],
    },
    metadata: { [callIdsKey]: [call.id] },
  };
}

/** What is about to be called, and cannot be taken back. */
function toIntent(calls: readonly ToolCall[]): TurnEvent {
  const announced = calls.map(({ id, toolId }) => ({ id, tool_id: toolId }));
  return {
    kind: 'status',
    data: { status: 'processing', data: { stage: 'Calling tools', calls: announced } },
  };
}

/** From what earlier attempts at this turn have told. */
export function toCallHistory(told: readonly SessionEvent[]): CallHistory {
  return { done: new Map(told.flatMap(toDone)), begun: new Set(told.flatMap(toBegun)) };
}

function toDone(event: SessionEvent): readonly (readonly [string, StagedResult])[] {
  const ids = event.metadata[callIdsKey];
  if (event.kind !== 'tool' || !Array.isArray(ids)) return [];
  return toolCallsOf(event).flatMap((call, n) => {
    const id: unknown = ids[n];
    return typeof id === 'string' ? [[id, toStaged(call)] as const] : [];
  });
}

/** As `toToolEvent` wrote it. */
function toStaged({ tool_id: toolId, arguments: args, result }: StoredToolCall): StagedResult {
  const {
    data,
    metadata = {},
    control = {},
    canned_responses: cannedResponses = [],
    guidelines = [],
  } = result;
  const { canned_response_fields: cannedResponseFields = {} } = result;
  return {
    toolId,
    arguments: args,
    result: { data, metadata, control, cannedResponses, cannedResponseFields, guidelines },
  };
}

function toBegun({ kind, data }: SessionEvent): readonly string[] {
  if (kind !== 'status') return [];
  const { data: inner } = data as { readonly data?: { readonly calls?: Json } }; // of a status
  const calls = inner?.calls;
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call) => {
    const id = typeof call === 'object' && call !== null && !Array.isArray(call) ? call['id'] : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}

/**
 * Calls of tools as events: what came of each, and which of consequence are about to be made. Written and read here only, so that what an
 * attempt has told is found again by the next one.
 */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { Json, JsonObject, SessionEvent } from '../../event-log/event.ts';
import { type StoredToolCall, toolCallsOf } from '../composing/tool-calls.ts';
import type { ToolCall } from '../stages.ts';
import { saidByKey } from '../tool-calling/call-voice.ts';
import type { StagedResult } from '../turn-context.ts';

/** In metadata, which tools cannot write: ids of the calls that a tool event tells of. */
const callIdsKey = 'tool_call_ids';
/** The calls that are about to be made. */
const announcedKey = 'announced_calls';

/** One event per call, as Parlant's clients expect. */
export function toToolEvent(callId: string, { toolId, arguments: args, result }: StagedResult): TurnEvent {
  const { data, metadata, control, cannedResponses, cannedResponseFields, guidelines } = result;
  return {
    kind: 'tool',
    data: {
      tool_calls: [
        {
          tool_id: toolId,
          arguments: args,
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
    metadata: { [callIdsKey]: [callId] },
  };
}

/** What is about to be called, and cannot be taken back. */
export function toAnnouncement(calls: readonly ToolCall[]): TurnEvent {
  const announced = calls.map(({ id, toolId, arguments: args }) => ({
    id,
    tool_id: toolId,
    arguments: args,
  }));
  return {
    kind: 'status',
    data: { status: 'processing', data: { stage: 'Calling tools' } },
    metadata: { [announcedKey]: announced },
  };
}

/** By the ids of the calls. */
export function resultsIn(events: readonly SessionEvent[]): ReadonlyMap<string, StagedResult> {
  return new Map(events.flatMap(resultsOf));
}

/** By their ids. */
export function announcedIn(events: readonly SessionEvent[]): ReadonlyMap<string, ToolCall> {
  return new Map(events.flatMap(announcedBy).map((call) => [call.id, call]));
}

/** How many messages and custom events each call has told. */
export function countTold(events: readonly SessionEvent[]): ReadonlyMap<string, number> {
  const ids = events.flatMap(({ metadata }) => asText(metadata[saidByKey]));
  return new Map([...Map.groupBy(ids, (id) => id)].map(([id, each]) => [id, each.length]));
}

function resultsOf(event: SessionEvent): readonly (readonly [string, StagedResult])[] {
  const ids = asList(event.metadata[callIdsKey]);
  return toolCallsOf(event).flatMap((call, n) => asText(ids[n]).map((id) => [id, toStaged(call)] as const));
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

/** Metadata can be patched by anybody who may: what does not fit is as if it was not there. */
function announcedBy({ metadata }: SessionEvent): readonly ToolCall[] {
  return asList(metadata[announcedKey]).flatMap((call) => {
    if (!isObject(call)) return [];
    const { id, tool_id: toolId, arguments: args } = call;
    const isCall = typeof id === 'string' && typeof toolId === 'string' && isObject(args);
    return isCall ? [{ id, toolId, arguments: args }] : [];
  });
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: Json | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

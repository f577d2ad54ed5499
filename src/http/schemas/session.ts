/** Sessions on the wire: Parlant's fields, and ours beside them. */
import { z } from 'zod';
import type { JsonObject } from '../../event-log/event.ts';
import {
  interruptionPolicies,
  lifecycleStates,
  sessionModes,
  type SessionRecord,
} from '../../event-log/session-record.ts';
import { turnStates, type SessionState } from '../../session/sessions.ts';
import { json, jsonObject, sessionId, shownAs, text, timestamp, wholeNumber } from './common.ts';

const title = text({ max: 200 });
const label = text({ min: 1, max: 200 });
const labels = z.array(label).max(100);
const interruption = z.enum(interruptionPolicies);

/** An id this server did not make itself: agents and customers are named by others. */
export const foreignId = text({ min: 1, max: 200 });

export const sessionSchema = z
  .object({
    id: sessionId,
    agent_id: z.string(),
    customer_id: z.string(),
    creation_utc: timestamp,
    title: z.string().nullable(),
    mode: z.enum(sessionModes),
    consumption_offsets: z.object({ client: z.int().nullable() }),
    metadata: jsonObject,
    labels: z.array(z.string()),
    state: z.enum(lifecycleStates),
    last_activity_utc: timestamp,
    interruption: interruption.nullable().meta({ description: "null: the agent's own policy." }),
  })
  .meta({ id: 'Session', description: 'A conversation.' });

export const sessionPageSchema = z
  .object({
    items: z.array(sessionSchema),
    total_count: z.int().meta({ description: 'How many remain after the cursor.' }),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'SessionPage' });

export const ownSessionsSchema = z
  .object({
    sessions: z.array(sessionSchema).meta({ description: 'Latest activity first.' }),
    has_more: z.boolean().meta({ description: 'Whether there are more than were asked for.' }),
  })
  .meta({ id: 'OwnSessions' });

export const sessionCreateSchema = z
  .object({
    id: sessionId.nullish().meta({ description: 'Chosen by the client; a taken one is refused.' }),
    agent_id: foreignId,
    customer_id: foreignId
      .nullish()
      .meta({ description: 'Default: the caller, or `guest` for an operator.' }),
    title: title.nullish(),
    metadata: jsonObject.nullish(),
    labels: labels.nullish(),
    interruption: interruption.nullish(),
  })
  .meta({ id: 'SessionCreate' });

export const sessionUpdateSchema = z
  .object({
    title: title.nullish(),
    mode: z.enum(sessionModes).nullish(),
    customer_id: foreignId.nullish(),
    agent_id: foreignId.nullish(),
    interruption: interruption.nullish(),
    consumption_offsets: z.object({ client: z.int().min(0).nullish() }).nullish(),
    metadata: z
      .object({ set: jsonObject.nullish(), unset: z.array(z.string()).max(100).nullish() })
      .nullish(),
    labels: z.object({ upsert: labels.nullish(), remove: labels.nullish() }).nullish(),
  })
  .meta({ id: 'SessionUpdate', description: 'Absent or null: unchanged.' });

export const sessionListQuery = z.object({
  agent_id: z.string().optional(),
  customer_id: z.string().optional(),
  labels: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .optional()
    .meta({ description: 'All of them.', ...shownAs({ type: 'array', items: { type: 'string' } }) }),
  limit: wholeNumber({ min: 1, max: 100 })
    .optional()
    .meta({ description: 'With it the answer is a page, without it an array of all.' }),
  cursor: z.string().optional(),
  sort: z.enum(['asc', 'desc']).optional(),
});

export const sessionDeleteQuery = sessionListQuery.pick({ agent_id: true, customer_id: true });

export const sessionStateSchema = z
  .object({
    session_id: z.string(),
    state: z.enum(lifecycleStates),
    turn: z.enum(turnStates).nullable(),
    value: json.meta({ description: "XState's state value." }),
    since: timestamp,
    reason: z.string().nullable(),
    live: z.boolean().meta({ description: 'Whether the actor is in memory.' }),
    followers: z.int(),
    queue_depth: z.int(),
    trace_id: z.string().nullable(),
    last_offsets: z.object({ local: z.int(), upstream: z.int().nullable() }),
  })
  .meta({ id: 'SessionState' });

/** As sent. */
export function toSessionJson(session: SessionRecord) {
  return {
    id: session.id,
    agent_id: session.agentId,
    customer_id: session.customerId,
    creation_utc: session.creationUtc,
    title: session.title,
    mode: session.mode,
    consumption_offsets: { client: session.consumptionOffset },
    metadata: session.metadata,
    labels: session.labels,
    state: session.lifecycle,
    last_activity_utc: session.lastActivityUtc,
    interruption: session.interruption,
  } satisfies JsonObject;
}

/** As sent. */
export function toStateJson(state: SessionState): z.input<typeof sessionStateSchema> {
  return {
    session_id: state.sessionId,
    state: state.state,
    turn: state.turn,
    value: state.value as z.input<typeof json>, // XState's state values are JSON
    since: state.since,
    reason: state.reason,
    live: state.live,
    followers: state.followers,
    queue_depth: state.queueDepth,
    trace_id: state.traceId,
    last_offsets: { ...state.lastOffsets },
  };
}

/** Live sessions on the wire. */
import { z } from 'zod';
import { lifecycleStates, sessionModes } from '../../event-log/session-record.ts';
import type { LiveEntry } from '../../session/live-directory.ts';
import { turnStates } from '../../session/sessions.ts';
import { timestamp } from './common.ts';

export const liveSessionSchema = z
  .object({
    session_id: z.string(),
    agent_id: z.string(),
    customer_id: z.string(),
    state: z.enum(lifecycleStates),
    turn: z.enum(turnStates).nullable(),
    mode: z.enum(sessionModes),
    since: timestamp.meta({ description: 'When it came to where its statechart stands.' }),
    followers: z.int(),
    queue_depth: z.int().meta({ description: 'Messages accepted whose turn has not begun.' }),
    last_offset: z.int().meta({ description: 'Of the last stored event; -1: none.' }),
    last_poll_utc: timestamp.nullable().meta({
      description: 'When a long-poll of upstream last ended well; null: its agent runs here, or none has.',
    }),
    lag_ms: z.number().nullable().meta({
      description: 'How old the newest event from upstream was when it was stored; null as above.',
    }),
  })
  .meta({ id: 'LiveSession', description: 'A session in memory.' });

export const liveSessionsSchema = z
  .object({
    sessions: z.array(liveSessionSchema).meta({ description: 'Those that moved last first.' }),
    total_count: z.int().meta({ description: 'How many are live.' }),
  })
  .meta({ id: 'LiveSessions' });

/** As sent. */
export function toLiveJson(entry: LiveEntry): z.input<typeof liveSessionSchema> {
  return {
    session_id: entry.sessionId,
    agent_id: entry.agentId,
    customer_id: entry.customerId,
    state: entry.state,
    turn: entry.turn,
    mode: entry.mode,
    since: new Date(entry.since).toISOString(),
    followers: entry.followers,
    queue_depth: entry.queueDepth,
    last_offset: entry.lastOffset,
    last_poll_utc: entry.lastPollAt === null ? null : new Date(entry.lastPollAt).toISOString(),
    lag_ms: entry.lagMs,
  };
}

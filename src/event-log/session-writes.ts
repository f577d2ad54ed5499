/**
 * Everything that makes, changes or deletes sessions, in the same queue as their events: a session made and written to without
 * waiting in between is one commit.
 */
import { SessionIdTakenError, TooManySessionsError } from '../errors.ts';
import { attempt, whenCommitted } from './commit-queue.ts';
import type { CreateSessionOptions, NewSession, SessionPatch, SessionStore } from './event-log.ts';
import { merged } from './event-writes.ts';
import { newId } from './ids.ts';
import type { LogCore } from './log-core.ts';
import {
  interruptionPolicies,
  lifecycleStates,
  sessionModes,
  type LifecycleState,
  type SessionRecord,
} from './session-record.ts';
import { insertSession, updateUpstream } from './session-row.ts';
import { write } from './sqlite-statements.ts';
import { metadataJson } from './stored-event.ts';

type SessionWrites = Pick<SessionStore, 'createSession' | 'updateSession' | 'deleteSession' | 'setLifecycle'>;

export function createSessionWrites(core: LogCore): SessionWrites {
  return {
    createSession: (session, options) => attempt(() => createSession(session, options)),
    updateSession: (sessionId, patch) => attempt(() => updateSession(sessionId, patch)),
    deleteSession: (sessionId) => attempt(() => deleteSession(sessionId)),
    setLifecycle: (sessionId, state, reason) => attempt(() => setLifecycle(sessionId, state, reason)),
  };

  function createSession(session: NewSession, { receipt, atMost }: CreateSessionOptions = {}) {
    core.checkOpen();
    if (atMost !== undefined && core.sessionsOf(session.customerId) >= atMost)
      throw new TooManySessionsError(atMost);
    const record = newRecord(session, core.stamp());
    const known = core.heads.get(record.id);
    if (known?.current) throw new SessionIdTakenError(record.id);
    const result = receipt?.result({ events: [], session: record });
    const key = core.newKey();
    const head = known ?? core.heads.create(record.id, key);
    const touched = core.touch(head);
    const { operations } = touched.batch;
    insertSession(operations, key, record);
    operations.push(write.insertLifecycle, key, record.lifecycle, null, 0, record.creationUtc);
    if (receipt && result) core.receipts.put(touched.batch, receipt, result);
    head.key = key;
    head.current = record;
    touched.before = record;
    return whenCommitted(touched.batch, record);
  }

  function updateSession(sessionId: string, patch: SessionPatch) {
    const head = core.session(sessionId);
    const record = checked(patched(head.current, patch));
    const touched = core.touch(head);
    touched.settings = true;
    if (patch.upstream !== undefined) updateUpstream(touched.batch.operations, head.key, record);
    head.current = record;
    return whenCommitted(touched.batch, record);
  }

  function deleteSession(sessionId: string) {
    const head = core.session(sessionId);
    const touched = core.touch(head);
    const { operations } = touched.batch;
    operations.push(
      write.deleteEvents,
      head.key,
      write.deleteLifecycle,
      head.key,
      write.deleteSession,
      head.key,
    );
    touched.news.push({ type: 'deleted' });
    touched.before = undefined;
    // @ts-expect-error from here on it is no open head
    head.current = undefined;
    return whenCommitted(touched.batch, undefined);
  }

  function setLifecycle(sessionId: string, state: LifecycleState, reason: string | null) {
    const head = core.session(sessionId);
    const session = head.current;
    if (session.lifecycle === state) {
      return head.tail ? whenCommitted(head.tail.batch, undefined) : Promise.resolve();
    }
    const record = checked({ ...session, lifecycle: state, lifecycleReason: reason });
    const touched = core.touch(head);
    touched.settings = true;
    touched.batch.operations.push(
      write.insertLifecycle,
      head.key,
      state,
      reason,
      session.nextOffset,
      core.stamp(),
    );
    head.current = record;
    return whenCommitted(touched.batch, undefined);
  }
}

function newRecord(session: NewSession, utc: string): SessionRecord {
  return checked({
    id: session.id ?? newId(),
    agentId: session.agentId,
    customerId: session.customerId,
    title: session.title ?? null,
    mode: 'auto',
    interruption: session.interruption ?? null,
    consumptionOffset: 0,
    metadata: session.metadata ?? {},
    labels: [...new Set(session.labels)],
    creationUtc: utc,
    lastActivityUtc: utc,
    lifecycle: 'NOT_STARTED',
    lifecycleReason: null,
    nextOffset: 0,
    openRun: null,
    waiting: [],
    hadTurn: false,
    upstream: null,
  });
}

function patched(session: SessionRecord, patch: SessionPatch): SessionRecord {
  const { agentId, customerId, title, mode, interruption, consumptionOffset, upstream } = patch;
  const { metadata = {}, labels = {} } = patch;
  const named = { agentId, customerId, title, mode, interruption, consumptionOffset, upstream };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const removed = new Set(labels.remove);
  return {
    ...session,
    ...given,
    metadata: merged(session.metadata, metadata),
    labels: [...new Set([...session.labels, ...(labels.upsert ?? [])])].filter(
      (label) => !removed.has(label),
    ),
  };
}

/** `TypeError` for what the file could not hold: one bad record must not fail the commits of others. */
function checked(session: SessionRecord): SessionRecord {
  const { id, agentId, customerId, title, mode, interruption, consumptionOffset, lifecycle } = session;
  for (const [name, value] of Object.entries({ id, agentId, customerId })) {
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`A session's ${name} is a non-empty string.`);
  }
  const { lifecycleReason } = session;
  if (title !== null && typeof title !== 'string')
    throw new TypeError("A session's title is a string or null.");
  if (lifecycleReason !== null && typeof lifecycleReason !== 'string') {
    throw new TypeError('The reason of a lifecycle is a string or null.');
  }
  if (!Number.isSafeInteger(consumptionOffset) || consumptionOffset < 0) {
    throw new TypeError("A session's consumption offset is a whole number from 0.");
  }
  if (!sessionModes.includes(mode)) throw new TypeError(`A session's mode cannot be ${mode}.`);
  if (!lifecycleStates.includes(lifecycle)) throw new TypeError(`A lifecycle cannot be ${lifecycle}.`);
  if (interruption !== null && !interruptionPolicies.includes(interruption)) {
    throw new TypeError(`A session's interruption cannot be ${interruption}.`);
  }
  if (session.labels.some((label) => typeof label !== 'string')) throw new TypeError('Labels are strings.');
  metadataJson(session.metadata);
  // The file holds UTF-8: half a surrogate pair would come back as another character than it went in.
  return title === null || title.isWellFormed() ? session : { ...session, title: title.toWellFormed() };
}

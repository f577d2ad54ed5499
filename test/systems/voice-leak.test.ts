/** Voice sessions that come and go leave nothing behind: no timer, no actor, nothing to do after a restart. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ActorRefLike } from 'xstate';
import { describe, expect, it } from 'vitest';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import type { VoiceWork } from '../../src/voice/voice-host.ts';
import { createVoiceSessions, type VoiceSessions } from '../../src/voice/voice-sessions.ts';
import { createTestClock } from '../support/clock.ts';
import { createDataFolder } from '../support/data-folder.ts';

const SESSIONS = 10_000;
const AT_ONCE = 500;

const request = {
  flowId: 'intake',
  agentId: 'echo',
  orgId: 'default',
  ownerId: 'ann',
  participantName: 'Ann',
  locale: null,
};
const timestamp = '2026-11-20T05:33:05.000Z';
const unavailable = { code: 'livekit_unavailable', reason: null, message: 'LiveKit: unavailable' };

/** Each ends a session in its way. */
const endings: readonly ((sessions: VoiceSessions, id: string, roomName: string) => Promise<unknown>)[] = [
  (sessions, id) => sessions.stop(id),
  (sessions, id) => sessions.report(id, { type: 'agent.failed', timestamp }),
  async (sessions, id) => {
    await sessions.report(id, { type: 'agent.joined', timestamp });
    await sessions.report(id, { type: 'agent.ready', timestamp });
    await sessions.stop(id);
  },
  (sessions, _, roomName) => sessions.notice({ roomName, change: { type: 'room.finished' } }),
  // LiveKit refuses it: it ends by itself.
  (sessions, id) => sessions.dispatched(id),
];

describe(`${SESSIONS} voice sessions that began and ended`, () => {
  it('leave no timer and no actor', { timeout: 120_000 }, async () => {
    await using folder = await createDataFolder();
    const log = await openSqliteLog({ folder: folder.path });
    let asked = 0;
    const work: VoiceWork = {
      dispatch: async () =>
        ++asked % endings.length === 0 ? { kind: 'failed', failure: unavailable } : { kind: 'dispatched' },
      probe: async () => ({ kind: 'late', failure: unavailable }),
      removeRoom: async () => {},
    };
    // Its time stands still: what waits is counted.
    const clock = createTestClock();
    const actors = new Set<ActorRefLike>();
    const sessions = createVoiceSessions({
      log,
      work,
      logger: { info() {}, warn() {}, error() {} },
      limits: { readyTimeoutMs: 30_000, dispatchWaitMs: 2_000, sessionTtlMs: 86_400_000 },
      clock,
      inspect: (event) => {
        if (event.type === '@xstate.actor') actors.add(event.actorRef);
      },
    });
    const before = clock.pending();
    const ids: string[] = [];
    for (let begun = 0; begun < SESSIONS; begun += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, n) => {
          const { id, roomName } = await sessions.create(request);
          ids.push(id);
          const [end = endings[0]!] = [endings[n % endings.length]];
          await end(sessions, id, roomName).catch((error: unknown) => {
            // Refused by LiveKit before its ending came.
            if (!(error instanceof Error && 'code' in error && error.code === 'SESSION_OVER')) throw error;
          });
        }),
      );
    }
    for (const id of ids) if (sessions.live(id)) await sessions.stop(id);

    await expect
      .poll(async () => await log.countSessions({ lifecycle: 'POLLING' }), { timeout: 20_000 })
      .toBe(0);
    expect(ids.filter((id) => sessions.live(id))).toEqual([]);
    await nextTurn();
    expect(clock.pending()).toBe(before);
    expect([...actors].filter((actor) => actor.getSnapshot()?.status === 'active')).toEqual([]);
    // More than one each: the children are among them.
    expect(actors.size).toBeGreaterThan(2 * SESSIONS);
    expect(await sessions.resume()).toBe(0);
    await sessions.shutdown();
    await log.close();
  });
});

import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/session/clock.ts';
import type { VoiceWork } from '../../src/voice/voice-host.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { WriterThread } from '../../src/event-log/writer-thread.ts';
import { createVoiceSessions } from '../../src/voice/voice-sessions.ts';
import { createTestClock } from '../support/clock.ts';
import { createDataFolder } from '../support/data-folder.ts';

const request = {
  flowId: 'intake',
  agentId: 'echo',
  orgId: 'default',
  ownerId: 'ann',
  participantName: 'Ann',
  locale: null,
};
const timestamp = '2026-11-20T05:33:05.000Z';

/** Voice sessions over a log that can be written, or cannot. */
async function start() {
  const folder = await createDataFolder();
  let isFull = false;
  const log = await openSqliteLog({
    folder: folder.path,
    createWriter(file) {
      const writer = new WriterThread(file);
      return {
        commit: (operations, done) =>
          isFull ? setImmediate(done, 'the disk is full') : writer.commit(operations, done),
        close: () => writer.close(),
      };
    },
  });
  const clock: Clock & { advance(ms: number): Promise<void> } = createTestClock();
  const done: string[] = [];
  const work: VoiceWork = {
    dispatch: async ({ status }) => {
      done.push(`dispatch ${status}`);
      return { kind: 'dispatched' };
    },
    probe: async () => ({
      kind: 'late',
      failure: { code: 'ready_deadline', reason: 'no_worker', message: null },
    }),
    removeRoom: async ({ status }) => void done.push(`remove ${status}`),
  };
  const quiet = { info() {}, warn() {}, error() {} };
  const limits = { readyTimeoutMs: 30_000, dispatchWaitMs: 0, sessionTtlMs: 86_400_000 };
  const sessions = createVoiceSessions({ log, work, logger: quiet, limits, clock });
  return {
    sessions,
    clock,
    done,
    fill: () => void (isFull = true),
    free: () => void (isFull = false),
    statusOf: async (id: string) => (await sessions.get(id)).status,
    async [Symbol.asyncDispose]() {
      await sessions.shutdown();
      await log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('while nothing can be stored', () => {
  it('no voice session begins: it is refused, and LiveKit hears nothing', async () => {
    await using voice = await start();
    voice.fill();
    await expect(voice.sessions.create(request)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(voice.done).toEqual([]);
  });

  it('no report is taken: the worker is told to try again, and then it counts', async () => {
    await using voice = await start();
    const { id } = await voice.sessions.create(request);
    await expect.poll(() => voice.statusOf(id)).toBe('dispatched');
    voice.fill();
    const report = { type: 'agent.ready', timestamp } as const;
    await expect(voice.sessions.report(id, report)).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      retryable: true,
    });
    expect(await voice.statusOf(id)).toBe('dispatched');
    voice.free();
    expect(await voice.sessions.report(id, report)).toEqual({ status: 'ready', duplicate: false });
    expect((await voice.sessions.events(id)).length).toBe(4);
  });

  it('nothing is stopped', async () => {
    await using voice = await start();
    const { id } = await voice.sessions.create(request);
    await expect.poll(() => voice.statusOf(id)).toBe('dispatched');
    voice.fill();
    await expect(voice.sessions.stop(id)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    voice.free();
    expect((await voice.sessions.stop(id)).status).toBe('ended');
  });

  it('a deadline is not lost: the session fails as soon as that can be stored', async () => {
    await using voice = await start();
    const { id } = await voice.sessions.create(request);
    await expect.poll(() => voice.statusOf(id)).toBe('dispatched');
    voice.fill();
    await voice.clock.advance(30_000);
    for (let n = 0; n < 3; n++) await voice.clock.advance(1_000);
    expect(await voice.statusOf(id)).toBe('dispatched');
    voice.free();
    await expect
      .poll(async () => {
        await voice.clock.advance(1_000);
        return voice.statusOf(id);
      })
      .toBe('failed');
    expect((await voice.sessions.history(id)).map(({ status }) => status)).toEqual([
      'pending',
      'dispatched',
      'failed',
    ]);
  });
});

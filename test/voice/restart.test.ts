import { describe, expect, it, vi } from 'vitest';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { openStream } from '../support/event-stream.ts';
import { startVoiceServer, type VoiceServer, type WorkerMetadata } from '../support/voice-server.ts';

const READY_IN_MS = 30_000;
const ANSWER_AFTER_MS = 20;
/** A call that hangs is not over before the test is. */
const settings = { voiceDispatchWaitMs: ANSWER_AFTER_MS, livekitTimeoutMs: 60_000 };

/** Brings a session to that status. */
const ways = {
  async pending(server: VoiceServer, clock?: TestClock) {
    server.fake.faults.set('CreateRoom', { hang: true });
    const called = server.call('ann');
    await vi.waitUntil(() => server.fake.hanging === 1);
    await clock?.advance(ANSWER_AFTER_MS);
    return (await called).sessionId;
  },
  async dispatched(server: VoiceServer) {
    return (await server.call('ann')).sessionId;
  },
  async connecting(server: VoiceServer) {
    const start = await server.call('ann');
    await server.report(server.workerOf(start), { type: 'agent.joined' });
    return start.sessionId;
  },
} as const;

describe('a server that starts again', () => {
  it.each(['pending', 'dispatched', 'connecting'] as const)(
    'has a session that is %s as it was, and its deadline still passes',
    async (status) => {
      const clock = createTestClock();
      await using server = await startVoiceServer({ clock, settings });
      const sessionId = await ways[status](server, clock);
      await server.restart({ clock });
      expect((await server.state(sessionId)).status).toBe(status);
      await clock.advance(READY_IN_MS - ANSWER_AFTER_MS - 1);
      expect((await server.state(sessionId)).status).toBe(status);
      await clock.advance(ANSWER_AFTER_MS + 1);
      await expect.poll(async () => (await server.state(sessionId)).status).toBe('failed');
      expect((await server.state(sessionId)).failure?.code).toBe('ready_deadline');
    },
  );

  it('fails at once what was due while it was away', async () => {
    await using server = await startVoiceServer();
    const sessionId = await ways.dispatched(server);
    const clock = createTestClock(Date.now() + READY_IN_MS + 1_000);
    await server.restart({ clock });
    await clock.advance(0);
    await expect.poll(async () => (await server.state(sessionId)).status).toBe('failed');
  });

  it('looks again at a room that it was looking at, when the deadline had just passed', async () => {
    const clock = createTestClock();
    await using server = await startVoiceServer({ clock, settings });
    const sessionId = await ways.dispatched(server);
    server.fake.faults.set('ListParticipants', { hang: true, times: 1 });
    await clock.advance(READY_IN_MS);
    await expect.poll(() => server.fake.hanging).toBe(1);
    expect((await server.state(sessionId)).status).toBe('dispatched');
    await server.restart({ clock });
    await clock.advance(0);
    await expect.poll(async () => (await server.state(sessionId)).status).toBe('failed');
    expect((await server.state(sessionId)).failure?.reason).toBe('no_worker');
  });

  it('calls an agent for a session that was pending, unless one was called already', async () => {
    await using server = await startVoiceServer({ settings });
    const pending = await ways.pending(server);
    // The next one gets as far as calling an agent, and never hears the answer.
    server.fake.faults.delete('CreateRoom');
    server.fake.faults.set('CreateDispatch', { hang: true, times: 1 });
    const called = (await server.call('ann')).sessionId;
    await expect.poll(() => server.fake.hanging).toBe(2);
    await server.restart();
    server.fake.release();
    for (const sessionId of [pending, called]) {
      await expect.poll(async () => (await server.state(sessionId)).status).toBe('dispatched');
      expect(server.fake.rooms.get(`flow-intake-${sessionId}`)?.dispatches.length).toBeGreaterThan(0);
    }
  });

  it('has a ready session as it was, takes its reports, and hears of its end', async () => {
    await using server = await startVoiceServer();
    const start = await server.call('ann');
    const worker = server.workerOf(start);
    await server.report(worker, { type: 'agent.ready' });
    const { readyAt } = await server.state(start.sessionId);
    await server.restart();
    expect(await server.state(start.sessionId)).toMatchObject({ status: 'ready', readyAt });
    const again = await server.report(worker, { type: 'agent.ready' });
    expect(again.body).toEqual({ status: 'ready', duplicate: true });
    await server.fake.webhook('room_finished', start.roomName);
    expect((await server.state(start.sessionId)).status).toBe('ended');
  });

  it.each(['failed', 'ended'] as const)(
    'removes the room of a session that has %s, if that was not done',
    async (status) => {
      await using server = await startVoiceServer();
      const start = await server.call('ann');
      server.fake.faults.set('DeleteRoom', { hang: true });
      if (status === 'failed') await server.report(server.workerOf(start), { type: 'agent.failed' });
      else await server.http('ann').delete(`/api/voice-sessions/${start.sessionId}`);
      await expect.poll(() => server.fake.hanging).toBe(1);
      server.fake.faults.clear();
      await server.restart();
      await expect.poll(() => server.fake.rooms.size).toBe(0);
      expect((await server.state(start.sessionId)).status).toBe(status);
    },
  );

  it('leaves alone what is over', async () => {
    await using server = await startVoiceServer();
    const start = await server.call('ann');
    const worker = server.workerOf(start);
    await server.http('ann').delete(`/api/voice-sessions/${start.sessionId}`);
    await expect.poll(() => server.fake.rooms.size).toBe(0);
    const isRemovedAgain = async () => {
      server.fake.calls.length = 0;
      await server.restart();
      // LiveKit is asked about what was there before what is new.
      await server.call('bob');
      return server.fake.methods().includes('DeleteRoom');
    };
    // Its end is stored behind the removal: the first restart may come between the two.
    await expect.poll(isRemovedAgain, { timeout: 15_000 }).toBe(false);
    expect((await server.state(start.sessionId)).status).toBe('ended');
    const late = await server.report(worker, { type: 'agent.ready' });
    expect(late).toMatchObject({ status: 409, body: { code: 'SESSION_OVER', sessionStatus: 'ended' } });
  });

  it('streams on where a reader was', async () => {
    await using server = await startVoiceServer();
    const start = await server.call('ann');
    const worker: WorkerMetadata = server.workerOf(start);
    await server.restart();
    await server.report(worker, { type: 'agent.joined' });
    const url = `${server.url}/api/voice-sessions/${start.sessionId}/events?user=ann`;
    await using stream = await openStream(url, { headers: { 'last-event-id': '1' } });
    expect((await stream.until(({ length }) => length === 2)).map(({ id }) => id)).toEqual(['2', '3']);
  });
});

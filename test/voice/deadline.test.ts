import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type Person, protocol as P } from '../support/fake-livekit.ts';
import { startVoiceServer } from '../support/voice-server.ts';

const READY_IN_MS = 30_000;
const agent: Person = { identity: 'agent-AJ_1', isAgent: true };

/** A session that was dispatched, on a clock that is moved by hand. */
async function begin() {
  const clock = createTestClock();
  const server = await startVoiceServer({ clock });
  const start = await server.call('ann');
  server.fake.calls.length = 0;
  return {
    ...start,
    server,
    clock,
    statusOf: async () => (await server.state(start.sessionId)).status,
    failure: async () => {
      await expect.poll(async () => (await server.state(start.sessionId)).status).toBe('failed');
      return (await server.state(start.sessionId)).failure;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const late = (reason: string) => ({ code: 'ready_deadline', reason, message: null });

describe('a session whose agent is not ready in time', () => {
  it('asks LiveKit nothing until then, then looks once, fails, and removes the room', async () => {
    await using session = await begin();
    const { server, clock } = session;
    await clock.advance(READY_IN_MS - 1);
    expect(await session.statusOf()).toBe('dispatched');
    expect(server.fake.methods()).toEqual([]);
    await clock.advance(1);
    expect(await session.failure()).toEqual(late('no_worker'));
    await expect
      .poll(() => server.fake.methods())
      .toEqual(['ListParticipants', 'ListDispatch', 'DeleteRoom']);
    expect(server.fake.rooms.size).toBe(0);
  });

  it('says that a worker has the job and did not come', async () => {
    await using session = await begin();
    session.server.fake.rooms
      .get(session.roomName)
      ?.dispatches[0]?.state?.jobs.push(new P.Job({ id: 'AJ_1' }));
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('agent_not_joined'));
  });

  it('says that the user did not come: watchers are not the user', async () => {
    await using session = await begin();
    session.server.fake.join(session.roomName, agent);
    session.server.fake.join(session.roomName, { identity: 'monitor-1', attributes: { role: 'monitor' } });
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('user_not_joined'));
  });

  it('says that the agent came, and the user, and it does not say a word', async () => {
    await using session = await begin();
    session.server.fake.join(session.roomName, agent);
    session.server.fake.join(session.roomName, { identity: session.participantIdentity });
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('agent_not_ready'));
  });

  it('says that the room is gone', async () => {
    await using session = await begin();
    session.server.fake.rooms.clear();
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('room_gone'));
  });

  it.each([
    { status: 503, code: 'unavailable' },
    { status: 401, code: 'unauthenticated' },
  ])('says that LiveKit cannot be asked: %j', async (fault) => {
    await using session = await begin();
    session.server.fake.faults.set('ListParticipants', fault);
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('livekit_unreachable'));
  });

  it('is ready after all when its agent had said so and the report was lost', async () => {
    await using session = await begin();
    const { server, sessionId } = session;
    server.fake.join(session.roomName, { ...agent, attributes: { 'agent.ready': sessionId } });
    await session.clock.advance(READY_IN_MS);
    await expect.poll(session.statusOf).toBe('ready');
    expect((await server.state(sessionId)).readyAt).toBe(new Date(session.clock.now()).toISOString());
    expect(server.fake.rooms.size).toBe(1);
  });

  it('does not believe an attribute of a user, or of another session', async () => {
    await using session = await begin();
    const { server, roomName, sessionId } = session;
    server.fake.join(roomName, { identity: 'user-eve', attributes: { 'agent.ready': sessionId } });
    server.fake.join(roomName, { ...agent, attributes: { 'agent.ready': 'vs_another' } });
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('user_not_joined'));
  });

  it('fails though its room cannot be removed', async () => {
    await using session = await begin();
    session.server.fake.faults.set('DeleteRoom', { status: 503, code: 'unavailable' });
    await session.clock.advance(READY_IN_MS);
    expect(await session.failure()).toEqual(late('no_worker'));
    await expect
      .poll(() => session.server.logged)
      .toContainEqual(expect.objectContaining({ msg: 'a voice room could not be removed' }));
  });
});

describe('a session that is ready', () => {
  it('has no deadline any more', async () => {
    await using session = await begin();
    const { server } = session;
    server.fake.join(session.roomName, { ...agent, attributes: { 'agent.ready': session.sessionId } });
    await session.clock.advance(READY_IN_MS);
    await expect.poll(session.statusOf).toBe('ready');
    await session.clock.advance(10 * READY_IN_MS);
    expect(await session.statusOf()).toBe('ready');
  });

  it('is ended when it is older than any session may be', async () => {
    const clock = createTestClock();
    await using server = await startVoiceServer({ clock, settings: { sessionTtlMs: 3_600_000 } });
    const start = await server.call();
    await server.report(server.workerOf(start), { type: 'agent.ready' });
    await clock.advance(3_000_000);
    expect((await server.state(start.sessionId)).status).toBe('ready');
    await clock.advance(600_000);
    await expect.poll(async () => (await server.state(start.sessionId)).status).toBe('ended');
    await expect.poll(() => server.fake.rooms.size).toBe(0);
  });
});

describe('a call of LiveKit that is under way when a session is stopped', () => {
  it('is waited for before the room is removed: no agent comes into a room that is over', async () => {
    await using server = await startVoiceServer({ settings: { voiceDispatchWaitMs: 20 } });
    server.fake.faults.set('CreateDispatch', { hang: true });
    const start = await server.call();
    await expect.poll(() => server.fake.hanging).toBe(1);
    const { status, body } = await server.http().delete(`/api/voice-sessions/${start.sessionId}`);
    expect([status, body.status]).toEqual([202, 'ended']);
    expect(server.fake.methods()).not.toContain('DeleteRoom');
    server.fake.release();
    await expect.poll(() => server.fake.methods().at(-1)).toBe('DeleteRoom');
    await expect.poll(() => server.fake.rooms.size).toBe(0);
  });
});

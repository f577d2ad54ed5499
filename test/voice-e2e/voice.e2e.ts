/** The official worker and the official client, with the whole server between them, over a fake LiveKit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { intake, startVoiceServer, type VoiceServer, type VoiceStart } from '../support/voice-server.ts';
import { addMedia, type FakeMedia } from './fake-media.ts';
import { join, letGo } from './official-person.ts';
import { startWorker } from './official-worker.ts';

/** Everything takes its time here: processes start, connections are made. */
const soon = { timeout: 40_000, interval: 50 };
const READY_IN_MS = 30_000;
const ANSWERED_IN_MS = 2_000;

const clock = createTestClock();
let server: VoiceServer;
let media: FakeMedia;
let worker: Awaited<ReturnType<typeof startWorker>>;

beforeAll(async () => {
  server = await startVoiceServer({ clock, settings: { voiceDispatchWaitMs: ANSWERED_IN_MS } });
  media = addMedia(server.fake);
  worker = await startWorker(server.fake);
});

afterAll(async () => {
  // Undefined where the beginning failed.
  await worker?.close();
  media?.close();
  await server?.[Symbol.asyncDispose]();
  await letGo();
});

async function call(locale = 'en'): Promise<VoiceStart> {
  const { status, body } = await server.http('ann').post('/api/flows/intake/test-audio').send({ locale });
  expect(status).toBe(201);
  return body as VoiceStart;
}

const statusOf = async ({ sessionId }: VoiceStart) => (await server.state(sessionId)).status;

async function watch({ sessionId }: VoiceStart, role: string) {
  const { status, body } = await server.http().post(`/api/voice-sessions/${sessionId}/tokens`).send({ role });
  expect(status).toBe(201);
  return join(body as { url: string; token: string });
}

describe('a call with the official worker and client', () => {
  it('is answered at once; the agent greets, and says by itself that it is ready', async () => {
    const start = await call();
    expect(start.status).toBe('dispatched');
    await using ann = await join(start);
    await expect.poll(() => statusOf(start), soon).toBe('ready');
    await expect.poll(() => ann.of('agent.ready'), soon).toHaveLength(1);
    const [ready] = ann.of('agent.ready');
    expect(ready).toMatchObject({
      topic: 'agent-status',
      from: 'agent',
      event: { type: 'agent.ready', sessionId: start.sessionId, greeting: intake.greeting },
    });
    const { history, talkSessionId } = await server.state(start.sessionId);
    expect(history.map(({ status }) => status)).toEqual(['pending', 'dispatched', 'connecting', 'ready']);
    const { body: said } = await server.http('ann').get(`/sessions/${talkSessionId}/events`);
    expect(said).toMatchObject([{ source: 'ai_agent', data: { message: intake.greeting } }]);

    await using monitor = await watch(start, 'monitor');
    await using supervisor = await watch(start, 'supervisor');
    await expect.poll(() => monitor.of('agent.ready'), soon).toHaveLength(1);
    await expect.poll(() => supervisor.of('agent.ready'), soon).toHaveLength(1);
    expect(ann.of('agent.ready')).toHaveLength(1);

    for (const type of ['flow.step.completed', 'flow.tool.called', 'flow.secret.read', 'flow.end'])
      await server.colloquy.sessions.post(talkSessionId ?? '', {
        kind: 'custom',
        source: 'system',
        data: { type, data: {} },
      });
    await expect.poll(() => monitor.of('flow.end'), soon).toHaveLength(1);
    await expect.poll(() => supervisor.of('flow.end'), soon).toHaveLength(1);
    const flowEvents = (person: typeof ann) =>
      person.heard
        .filter(({ topic }) => topic === 'flow-events')
        .map(({ from, event }) => [from, event['type'], event['seq']]);
    expect(flowEvents(monitor)).toEqual([
      [undefined, 'flow.step.completed', 1],
      [undefined, 'flow.end', 4],
    ]);
    expect(flowEvents(supervisor)).toEqual([
      [undefined, 'flow.step.completed', 1],
      [undefined, 'flow.tool.called', 2],
      [undefined, 'flow.end', 4],
    ]);
    expect(flowEvents(ann)).toEqual([]);
  });

  it('is a conversation: what the user says is answered, and everything is in its talk session', async () => {
    const start = await call();
    await using ann = await join(start);
    await expect.poll(() => statusOf(start), soon).toBe('ready');
    await ann.write('My knee hurts.');
    const { talkSessionId } = await server.state(start.sessionId);
    const said = async () => {
      const { body } = await server.http('ann').get(`/sessions/${talkSessionId}/events?kinds=message`);
      return (body as { data: { message: string } }[]).map(({ data }) => data.message);
    };
    await expect.poll(said, soon).toEqual([intake.greeting, 'My knee hurts.', 'echo: My knee hurts.']);
    expect(await statusOf(start)).toBe('ready');
  });

  it('goes on when LiveKit was slow to answer', async () => {
    server.fake.faults.set('CreateRoom', { hang: true, times: 1 });
    const answered = Promise.resolve(server.http('ann').post('/api/flows/intake/test-audio').send({}));
    await expect.poll(() => server.fake.hanging, soon).toBe(1);
    await clock.advance(ANSWERED_IN_MS);
    const { status, body } = await answered;
    expect([status, body.status]).toEqual([202, 'pending']);
    server.fake.release();
    await expect.poll(() => statusOf(body), soon).toBe('connecting');
    await using ann = await join(body);
    await expect.poll(() => statusOf(body), soon).toBe('ready');
    await expect.poll(() => ann.of('agent.ready'), soon).toHaveLength(1);
  });

  it('ends for all when it is stopped', async () => {
    const start = await call();
    await using ann = await join(start);
    await expect.poll(() => statusOf(start), soon).toBe('ready');
    await server.http('ann').delete(`/api/voice-sessions/${start.sessionId}`);
    await expect.poll(() => ann.isThere, soon).toBe(false);
    expect(await statusOf(start)).toBe('ended');
    await expect.poll(() => server.fake.rooms.has(start.roomName), soon).toBe(false);
  });

  it('ends when the user hangs up: the agent leaves', async () => {
    const start = await call();
    const ann = await join(start);
    await expect.poll(() => statusOf(start), soon).toBe('ready');
    await ann[Symbol.asyncDispose]();
    await expect.poll(() => statusOf(start), soon).toBe('ended');
  });
});

describe('an agent that is not ready', () => {
  it('because its providers refuse it says so, and the room is removed', async () => {
    const start = await call('crash');
    await expect.poll(() => statusOf(start), soon).toBe('failed');
    expect((await server.state(start.sessionId)).failure).toEqual({
      code: 'agent_init_failed',
      reason: null,
      message: 'STT provider refused the key',
    });
    await expect.poll(() => server.fake.rooms.has(start.roomName), soon).toBe(false);
  });

  it('because nobody came is told apart, when the deadline passes', async () => {
    const start = await call();
    await expect.poll(() => statusOf(start), soon).toBe('connecting');
    await clock.advance(READY_IN_MS);
    await expect.poll(() => statusOf(start), soon).toBe('failed');
    expect((await server.state(start.sessionId)).failure).toMatchObject({
      code: 'ready_deadline',
      reason: 'user_not_joined',
    });
  });

  it('because it was too late finds the session over, and leaves by itself', async () => {
    server.fake.faults.set('DeleteRoom', { status: 503, code: 'unavailable', times: 1 });
    const start = await call();
    await expect.poll(() => statusOf(start), soon).toBe('connecting');
    const inRoom = () => [...(server.fake.rooms.get(start.roomName)?.members.keys() ?? [])];
    await expect.poll(inRoom, soon).toHaveLength(1);
    await clock.advance(READY_IN_MS);
    await expect.poll(() => statusOf(start), soon).toBe('failed');
    await using ann = await join(start);
    await expect.poll(inRoom, soon).toEqual([start.participantIdentity]);
    expect(ann.of('agent.ready')).toEqual([]);
    expect(await statusOf(start)).toBe('failed');
  });

  it('because it hangs is told apart, and thrown out with everybody', async () => {
    const start = await call('hang');
    await using ann = await join(start);
    await expect.poll(() => statusOf(start), soon).toBe('connecting');
    await expect.poll(() => server.fake.rooms.get(start.roomName)?.members.size, soon).toBe(2);
    await clock.advance(READY_IN_MS);
    await expect.poll(() => statusOf(start), soon).toBe('failed');
    expect((await server.state(start.sessionId)).failure?.reason).toBe('agent_not_ready');
    await expect.poll(() => ann.isThere, soon).toBe(false);
  });
});

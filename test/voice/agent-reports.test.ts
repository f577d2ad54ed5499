import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { openStream } from '../support/event-stream.ts';
import { CALLBACK_SECRET, startVoiceServer, type VoiceServer } from '../support/voice-server.ts';

const refused = { status: 401, body: expect.objectContaining({ code: 'BAD_CALLBACK_TOKEN' }) };

/** A session whose agent was called. */
async function begin(server: VoiceServer) {
  const start = await server.call('ann');
  return { ...start, worker: server.workerOf(start) };
}

describe('a worker that reports', () => {
  it('makes the session connecting, then ready, with what it said in the log', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    expect(await server.report(worker, { type: 'agent.joined' })).toEqual({
      status: 200,
      body: { status: 'connecting', duplicate: false },
    });
    const timestamp = '2026-11-20T05:33:05.272Z';
    const ready = await server.report(worker, { type: 'agent.ready', timestamp, greeting: 'Hello!' });
    expect(ready).toEqual({ status: 200, body: { status: 'ready', duplicate: false } });
    const { status, readyAt, history } = await server.state(sessionId);
    expect([status, typeof readyAt]).toEqual(['ready', 'string']);
    expect(history.map((change) => change.status)).toEqual(['pending', 'dispatched', 'connecting', 'ready']);
    const { body: events } = await server.http('ann').get(`/api/voice-sessions/${sessionId}/events`);
    expect(events.slice(4).map(({ data }: { data: unknown }) => data)).toEqual([
      {
        type: 'voice.agent.status',
        data: { type: 'agent.ready', sessionId, timestamp, greeting: 'Hello!' },
      },
      {
        type: 'voice.session.status',
        data: { from: 'connecting', to: 'ready', failure: null, readyAt },
      },
    ]);
  });

  it('may be faster than the answer of LiveKit', async () => {
    await using server = await startVoiceServer({ settings: { voiceDispatchWaitMs: 20 } });
    server.fake.faults.set('CreateDispatch', { hang: true });
    const start = await server.call('ann');
    await expect.poll(() => server.fake.hanging).toBe(1);
    const { sessionId } = start;
    const { body } = await server.report(server.workerOf(start), { type: 'agent.ready' });
    expect(body).toEqual({ status: 'ready', duplicate: false });
    server.fake.release();
    await expect.poll(() => server.fake.rooms.get(`flow-intake-${sessionId}`)?.dispatches.length).toBe(1);
    expect((await server.state(sessionId)).status).toBe('ready');
  });

  it('changes nothing by saying the same again, be it many times at once', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    const reports = await Promise.all(
      Array.from({ length: 10 }, () => server.report(worker, { type: 'agent.ready' })),
    );
    expect(reports.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(reports.filter(({ body }) => body['duplicate'] === false)).toHaveLength(1);
    const { body: events } = await server.http().get(`/api/voice-sessions/${sessionId}/events`);
    expect(events).toHaveLength(4);
  });

  it('is told to leave when the session is over', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    await server.report(worker, { type: 'agent.failed', code: 'agent_init_failed', message: 'No voice.' });
    expect(await server.state(sessionId)).toMatchObject({
      status: 'failed',
      failure: { code: 'agent_init_failed', reason: null, message: 'No voice.' },
    });
    for (const type of ['agent.joined', 'agent.ready', 'agent.failed'])
      expect(await server.report(worker, { type })).toMatchObject({
        status: 409,
        body: { code: 'SESSION_OVER', sessionId, sessionStatus: 'failed', status: 409 },
      });
  });

  it('ends a session that was ready when it fails', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    await server.report(worker, { type: 'agent.ready' });
    const { body } = await server.report(worker, { type: 'agent.failed', message: 'Out of words.' });
    expect(body).toEqual({ status: 'ended', duplicate: false });
    expect(await server.state(sessionId)).toMatchObject({ status: 'ended', failure: null });
    await expect.poll(() => server.fake.rooms.size).toBe(0);
  });

  it.each([
    ['2026-11-20T05:33:05.272123', '2026-11-20T05:33:05.272Z'],
    ['2026-11-20T05:33:05', '2026-11-20T05:33:05.000Z'],
    ['2026-11-20T07:33:05+02:00', '2026-11-20T05:33:05.000Z'],
  ])('may write the time as Python does: %s', async (timestamp, stored) => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    expect((await server.report(worker, { type: 'agent.joined', timestamp })).status).toBe(200);
    const { body: events } = await server.http().get(`/api/voice-sessions/${sessionId}/events`);
    expect(events[2].data.data.timestamp).toBe(stored);
  });

  it('is never refused for its wording: what is too long is cut, a code that is none is replaced', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    await server.report(worker, { type: 'agent.failed', code: 'So Bad!', message: 'x'.repeat(5_000) });
    expect((await server.state(sessionId)).failure).toEqual({
      code: 'agent_failed',
      reason: null,
      message: 'x'.repeat(1_000),
    });
  });
});

describe('a report that cannot be taken', () => {
  it.each([
    [{ type: 'agent.happy' }, 400, 'BAD_EVENT'],
    [{ type: 'agent.left' }, 400, 'BAD_EVENT'],
    [{ type: 'agent.ready', sessionId: 'vs_another' }, 400, 'BAD_EVENT'],
    [{ type: 'agent.ready', timestamp: 'yesterday' }, 400, 'BAD_EVENT'],
    [{ type: 'agent.ready', timestamp: 7 }, 422, 'INVALID_REQUEST'],
    [{ type: null }, 422, 'INVALID_REQUEST'],
    [{ type: 'agent.failed', message: { text: 'no' } }, 422, 'INVALID_REQUEST'],
  ])('%j is a %i %s, and stores nothing', async (event, status, code) => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    const report = event as { type: string }; // some are none, on purpose
    expect(await server.report(worker, report)).toMatchObject({ status, body: { code } });
    const { body: events } = await server.http().get(`/api/voice-sessions/${sessionId}/events`);
    expect(events).toHaveLength(2);
  });

  it('says which field is wrong', async () => {
    await using server = await startVoiceServer();
    const { worker } = await begin(server);
    const { body } = await server.report(worker, { type: 'agent.ready', timestamp: 7 });
    expect(body['errors']).toEqual([expect.objectContaining({ place: 'body', field: 'timestamp' })]);
  });
});

describe('the token of a worker', () => {
  it('is refused when it is missing, forged, of another session or of somebody else: before the body is read', async () => {
    await using server = await startVoiceServer();
    const [one, other] = [await begin(server), await begin(server)];
    const [body = '', signature = ''] = one.worker.callbackToken.split('.');
    const payload = Buffer.from(JSON.stringify({ aud: 'agent-status', sid: one.sessionId, exp: 9e9 }));
    const tokens = [
      '',
      'x',
      body,
      `${body}.`,
      `${body}.${signature.slice(1)}`,
      `${body}.${signature}.x`,
      `${payload.toString('base64url')}.${signature}`,
      signed({ aud: 'agent-status', sid: one.sessionId, exp: 9e9 }, 'not the secret'),
      signed({ aud: 'something', sid: one.sessionId, exp: 9e9 }, CALLBACK_SECRET),
      signed('nothing', CALLBACK_SECRET),
      other.worker.callbackToken,
    ];
    for (const callbackToken of tokens)
      expect(await server.report({ ...one.worker, callbackToken }, { type: 'agent.ready' })).toMatchObject(
        refused,
      );
    const unread = await server.http().post(`/api/voice-sessions/${one.sessionId}/agent-status`).send('{');
    expect([unread.status, unread.body.code]).toEqual([401, 'BAD_CALLBACK_TOKEN']);
    expect((await server.state(one.sessionId)).status).toBe('dispatched');
  });

  it('is refused for a session that is not there, and the session is a 404 with a good one', async () => {
    await using server = await startVoiceServer();
    const sessionId = 'vs_00000000-0000-4000-8000-000000000000';
    const callbackUrl = `${server.url}/api/voice-sessions/${sessionId}/agent-status`;
    const { worker } = await begin(server);
    expect(await server.report({ ...worker, sessionId, callbackUrl }, { type: 'agent.ready' })).toMatchObject(
      refused,
    );
    const callbackToken = signed({ aud: 'agent-status', sid: sessionId, exp: 9e9 }, CALLBACK_SECRET);
    const report = await server.report(
      { ...worker, sessionId, callbackUrl, callbackToken },
      { type: 'agent.ready' },
    );
    expect(report).toMatchObject({ status: 404, body: { code: 'VOICE_SESSION_NOT_FOUND' } });
  });

  it('expires an hour after the deadline', async () => {
    const clock = createTestClock();
    await using server = await startVoiceServer({ clock });
    const { worker } = await begin(server);
    await server.report(worker, { type: 'agent.ready' });
    await clock.advance(3_600_000);
    expect((await server.report(worker, { type: 'agent.joined' })).status).toBe(200);
    await clock.advance(31_000);
    expect(await server.report(worker, { type: 'agent.joined' })).toMatchObject(refused);
  });

  it('opens nothing else', async () => {
    await using server = await startVoiceServer({
      settings: { auth: 'jwt', jwtSecret: 'a secret for the tokens of users, long enough' },
      flows: [],
    });
    const token = signed({ aud: 'agent-status', sid: 'vs_1', exp: 9e9 }, CALLBACK_SECRET);
    const { status } = await server
      .http()
      .get('/api/voice-sessions/vs_1')
      .set('Authorization', `Bearer ${token}`);
    expect(status).toBe(401);
  });
});

describe('the events of a voice session', () => {
  it('are streamed as they come, and resumed where a reader stopped', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server);
    const url = `${server.url}/api/voice-sessions/${sessionId}/events?user=ann`;
    await using stream = await openStream(url);
    await server.report(worker, { type: 'agent.joined' });
    await server.report(worker, { type: 'agent.ready', greeting: 'Hello!' });
    const frames = await stream.until(({ length }) => length === 6);
    expect(frames.map(({ id, event, data }) => [id, event, typeOf(data)])).toEqual([
      ['0', 'custom', 'voice.session.created'],
      ['1', 'custom', 'voice.session.status'],
      ['2', 'custom', 'voice.agent.status'],
      ['3', 'custom', 'voice.session.status'],
      ['4', 'custom', 'voice.agent.status'],
      ['5', 'custom', 'voice.session.status'],
    ]);
    await using later = await openStream(url, { headers: { 'last-event-id': '3' } });
    expect((await later.until(({ length }) => length === 2)).map(({ id }) => id)).toEqual(['4', '5']);
  });
});

function typeOf(envelope: unknown): string {
  return (envelope as { data: { type: string } }).data.type;
}

function signed(claims: unknown, secret: string): string {
  const body = Buffer.from(typeof claims === 'string' ? claims : JSON.stringify(claims)).toString(
    'base64url',
  );
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

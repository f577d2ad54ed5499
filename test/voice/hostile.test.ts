/** What somebody may try who means no good, or is merely unlucky. */
import { request as rawRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { protocol as P, signWebhook } from '../support/fake-livekit.ts';
import { startVoiceServer, type VoiceServer, type WorkerMetadata } from '../support/voice-server.ts';

const READY_IN_MS = 30_000;
const huge = 'x'.repeat(3_000_000);

async function begin(server: VoiceServer, user = 'ann') {
  const start = await server.call(user);
  return { ...start, worker: server.workerOf(start) };
}

async function post(server: VoiceServer, path: string, { token, body }: { token?: string; body: string }) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body,
  });
  const text = await response.text();
  return [response.status, text === '' ? '' : (JSON.parse(text) as { code?: string }).code] as const;
}

const statuses = async (server: VoiceServer, id: string) =>
  (await server.state(id)).history.map(({ status }) => status);

describe('a report', () => {
  it('that comes after the deadline changes nothing: the worker is told to leave', async () => {
    const clock = createTestClock();
    await using server = await startVoiceServer({ clock });
    const { sessionId, worker } = await begin(server);
    await clock.advance(READY_IN_MS);
    await expect.poll(async () => (await server.state(sessionId)).status).toBe('failed');
    for (const type of ['agent.ready', 'agent.ready', 'agent.joined', 'agent.failed'])
      expect(await server.report(worker, { type })).toMatchObject({
        status: 409,
        body: { code: 'SESSION_OVER' },
      });
    expect(await statuses(server, sessionId)).toEqual(['pending', 'dispatched', 'failed']);
    expect((await server.state(sessionId)).readyAt).toBeNull();
  });

  it('of one session is not taken for another, whichever way the two are mixed', async () => {
    await using server = await startVoiceServer();
    const [one, two] = [(await begin(server)).worker, (await begin(server, 'bob')).worker];
    const mixed: readonly (readonly [WorkerMetadata, number])[] = [
      [{ ...one, callbackToken: two.callbackToken }, 401],
      [{ ...one, callbackUrl: two.callbackUrl }, 401],
      [{ ...one, sessionId: two.sessionId }, 400],
    ];
    for (const [worker, status] of mixed)
      expect((await server.report(worker, { type: 'agent.ready' })).status).toBe(status);
    for (const { sessionId } of [one, two])
      expect(await statuses(server, sessionId)).toEqual(['pending', 'dispatched']);
  });

  it.each([
    ['twice at once', 2],
    ['fifty times at once', 50],
  ])('and an end at the same time leave one end of it: %s', async (_, times) => {
    await using server = await startVoiceServer();
    const { sessionId, worker, roomName } = await begin(server);
    await Promise.all(
      Array.from({ length: times }, (__, n) => [
        server.report(worker, { type: n % 2 ? 'agent.ready' : 'agent.failed' }),
        server.http('ann').delete(`/api/voice-sessions/${sessionId}`),
        server.fake.webhook('room_finished', roomName),
      ]).flat(),
    );
    const history = await statuses(server, sessionId);
    expect(history.filter((status) => status === 'failed' || status === 'ended')).toHaveLength(1);
    expect(['failed', 'ended']).toContain(history.at(-1));
    await expect.poll(() => server.fake.rooms.size).toBe(0);
  });

  it.each([
    '{"type":"agent.ready","sessionId":"vs_1"',
    '[]',
    'null',
    '"agent.ready"',
    '{}',
    '{"__proto__":{"type":"agent.ready"}}',
    '{"type":["agent.ready"],"sessionId":{"$ne":1},"timestamp":"now"}',
    '{"type":"agent.ready","sessionId":"vs_1","timestamp":"9999999-01-01"}',
    '{"type":"constructor","sessionId":"vs_1","timestamp":"2026-11-20T05:33:05Z"}',
  ])('that is nonsense is a 4xx and stores nothing: %s', async (nonsense) => {
    await using server = await startVoiceServer();
    const { sessionId, worker } = await begin(server);
    const path = `/api/voice-sessions/${sessionId}/agent-status`;
    const body = nonsense.replace('vs_1', sessionId);
    const [status, code] = await post(server, path, { token: worker.callbackToken, body });
    expect([status >= 400 && status < 500, typeof code]).toEqual([true, 'string']);
    expect((await server.http().get(`/api/voice-sessions/${sessionId}/events`)).body).toHaveLength(2);
  });
});

describe('more than anybody needs', () => {
  it('is a 413 for those who may post, and stores nothing', async () => {
    await using server = await startVoiceServer();
    const { sessionId, worker } = await begin(server);
    const path = `/api/voice-sessions/${sessionId}`;
    const body = JSON.stringify({ type: 'agent.ready', sessionId, timestamp: 'now', greeting: huge });
    const token = worker.callbackToken;
    expect((await post(server, `${path}/agent-status`, { token, body }))[0]).toBe(413);
    const turn = JSON.stringify({ phase: 'turn', text: huge });
    expect((await post(server, `${path}/flow`, { token, body: turn }))[0]).toBe(413);
    const call = JSON.stringify({ displayName: huge });
    expect((await post(server, '/api/flows/intake/test-audio', { body: call }))[0]).toBe(413);
    const webhook = await fetch(`${server.url}/api/livekit/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/webhook+json', authorization: await signWebhook(huge) },
      body: huge,
    });
    expect(webhook.status).toBe(413);
    expect(await statuses(server, sessionId)).toEqual(['pending', 'dispatched']);
  });

  it('is not even read of those who may not', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await begin(server);
    for (const path of [`/api/voice-sessions/${sessionId}/agent-status`, '/api/livekit/webhook'])
      expect(await answerBeforeBody(server.url + path)).toBe(401);
  });

  it('is a 422 where it is a text that is too long', async () => {
    await using server = await startVoiceServer({ settings: { maxMessageChars: 100 } });
    const { sessionId, worker } = await begin(server);
    const body = JSON.stringify({ phase: 'turn', text: 'x'.repeat(101) });
    const answer = await post(server, `/api/voice-sessions/${sessionId}/flow`, {
      token: worker.callbackToken,
      body,
    });
    expect(answer).toEqual([422, 'INVALID_REQUEST']);
    expect((await server.http().get('/sessions')).body).toEqual([]);
  });
});

describe('names that nobody has', () => {
  it.each(['Ann \u202e\u0007', '👩‍⚕️ Ännchen 李', '"><script>', 'a\nb'])(
    'stand in the token as they are, and nowhere else: %j',
    async (displayName) => {
      await using server = await startVoiceServer();
      const { status, body } = await server
        .http('ann')
        .post('/api/flows/intake/test-audio')
        .send({ displayName });
      expect(status).toBe(201);
      expect((await server.fake.verify(body.token)).name).toBe(displayName);
      expect(body.roomName).toMatch(/^[\w-]+$/);
      const { body: events } = await server.http('ann').get(`/api/voice-sessions/${body.sessionId}/events`);
      expect(JSON.stringify(events)).not.toContain('script');
    },
  );

  it('and that cannot be stored are a 422 that names the field', async () => {
    await using server = await startVoiceServer();
    for (const displayName of ['Ann\u0000', ' '.repeat(201)]) {
      const { status, body } = await server
        .http('ann')
        .post('/api/flows/intake/test-audio')
        .send({ displayName });
      expect([status, body.errors[0].field]).toEqual([422, 'displayName']);
    }
    expect(server.fake.calls).toEqual([]);
  });

  it.each(['x'.repeat(200), '李'.repeat(200)])(
    'make an identity of a length that LiveKit takes',
    async (user) => {
      await using server = await startVoiceServer();
      const header = Buffer.from(user).toString('latin1'); // as a header carries UTF-8
      const { participantIdentity, roomName } = await server.call(header);
      expect(participantIdentity).toContain(user);
      expect(participantIdentity.length).toBeLessThanOrEqual(256);
      expect(roomName.length).toBeLessThanOrEqual(256);
    },
  );
});

describe('a LiveKit that goes and comes back', () => {
  it('costs the calls of that time, and no later one', async () => {
    await using server = await startVoiceServer();
    const call = () => server.http('ann').post('/api/flows/intake/test-audio');
    const before = await begin(server);
    for (const method of ['CreateRoom', 'ListDispatch', 'CreateDispatch', 'DeleteRoom', 'ListParticipants'])
      server.fake.faults.set(method, { status: 503, code: 'unavailable' });
    for (let n = 0; n < 3; n++) {
      const { status, body } = await call();
      expect([status, body.code]).toEqual([502, 'LIVEKIT_UNAVAILABLE']);
    }
    // Who was called before is still there.
    expect((await server.report(before.worker, { type: 'agent.ready' })).body['status']).toBe('ready');
    server.fake.faults.clear();
    const { status, body } = await call();
    expect([status, body.status]).toEqual([201, 'dispatched']);
    expect((await server.state(before.sessionId)).status).toBe('ready');
  });

  it('leaves no session that cannot be ended', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await begin(server);
    server.fake.faults.set('DeleteRoom', { status: 503, code: 'unavailable' });
    const { status, body } = await server.http('ann').delete(`/api/voice-sessions/${sessionId}`);
    expect([status, body.status]).toEqual([202, 'ended']);
    await server.restart();
    expect((await server.state(sessionId)).status).toBe('ended');
  });
});

describe('a webhook that was signed once', () => {
  it('can be sent again as often as one likes: what is over stays over, what is ready stays ready', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName, worker } = await begin(server);
    const message = new P.WebhookEvent({
      event: 'participant_joined',
      id: 'EV_1',
      createdAt: 1_795_152_783n,
      room: new P.Room({ name: roomName }),
      participant: new P.ParticipantInfo({ identity: 'agent-1', kind: P.ParticipantInfo_Kind.AGENT }),
    });
    const body = message.toJsonString();
    const authorization = await signWebhook(body);
    const send = () =>
      fetch(`${server.url}/api/livekit/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/webhook+json', authorization },
        body,
      });
    expect((await send()).status).toBe(200);
    await server.report(worker, { type: 'agent.ready' });
    expect((await send()).status).toBe(200);
    expect((await server.state(sessionId)).status).toBe('ready');
    await server.http('ann').delete(`/api/voice-sessions/${sessionId}`);
    expect((await send()).status).toBe(200);
    expect(await statuses(server, sessionId)).toEqual([
      'pending',
      'dispatched',
      'connecting',
      'ready',
      'ended',
    ]);
  });
});

/** The status of a POST whose body never comes. */
function answerBeforeBody(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = rawRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '100000000' },
    });
    asked.on('response', ({ statusCode }) => {
      resolve(statusCode);
      asked.destroy();
    });
    asked.on('error', reject);
    asked.flushHeaders();
  });
}

import { describe, expect, it } from 'vitest';
import { startFakeLiveKit } from '../support/fake-livekit.ts';
import { intake, startVoiceServer, WORKER } from '../support/voice-server.ts';

const UUID = /^vs_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('starting a voice session', () => {
  it('is answered when LiveKit has accepted the call, though no worker is there', async () => {
    await using server = await startVoiceServer();
    const { status, headers, body } = await server.http('ann').post('/api/flows/intake/test-audio').send({});
    expect(status).toBe(201);
    expect(body).toEqual({
      sessionId: expect.stringMatching(UUID),
      roomName: `flow-intake-${body.sessionId}`,
      token: expect.any(String),
      url: server.fake.url.replace('http', 'ws'),
      participantIdentity: `user-ann-${String(body.sessionId).slice(3, 11)}`,
      status: 'dispatched',
      deadlineAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(headers['location']).toBe(`/api/voice-sessions/${body.sessionId}`);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('takes a body, an empty one, or none', async () => {
    await using server = await startVoiceServer();
    const http = server.http('ann');
    for (const body of [undefined, {}, { displayName: 'Ann', locale: 'de' }]) {
      const request = http.post('/api/flows/intake/test-audio');
      expect((await (body ? request.send(body) : request)).status).toBe(201);
    }
    const locales = server.fake.calls
      .filter(({ method }) => method === 'CreateDispatch')
      .map(({ body }) => (JSON.parse(String(body['metadata'])) as { locale: string }).locale);
    expect(locales).toEqual(['en', 'en', 'de']);
  });

  it('asks LiveKit for a room, looks whether an agent was called, and calls one: nothing else', async () => {
    await using server = await startVoiceServer();
    const { roomName } = await server.call('ann');
    expect(server.fake.methods()).toEqual(['CreateRoom', 'ListDispatch', 'CreateDispatch']);
    const [create, list, dispatch] = server.fake.calls;
    expect(create).toMatchObject({
      grant: { roomCreate: true },
      body: { name: roomName, emptyTimeout: 120, departureTimeout: 20, maxParticipants: 10 },
    });
    expect(list).toMatchObject({ grant: { roomAdmin: true, room: roomName }, body: { room: roomName } });
    expect(dispatch).toMatchObject({
      grant: { roomAdmin: true, room: roomName },
      body: { room: roomName, agentName: WORKER },
    });
  });

  it('tells everybody in the room who it is, and only the worker how to report', async () => {
    await using server = await startVoiceServer();
    const start = await server.call('ann');
    const { sessionId, participantIdentity } = start;
    expect(JSON.parse(String(server.fake.calls[0]?.body['metadata']))).toEqual({
      sessionId,
      flowId: 'intake',
    });
    expect(server.workerOf(start)).toEqual({
      v: 1,
      sessionId,
      flowId: 'intake',
      orgId: 'default',
      participantIdentity,
      callbackUrl: `${server.url}/api/voice-sessions/${sessionId}/agent-status`,
      callbackToken: expect.any(String),
      locale: 'en',
    });
  });

  it('names the address that is set as the one where workers report', async () => {
    await using server = await startVoiceServer({ settings: { publicUrl: 'https://voice.example/app/' } });
    const start = await server.call();
    expect(server.workerOf(start).callbackUrl).toBe(
      `https://voice.example/app/api/voice-sessions/${start.sessionId}/agent-status`,
    );
  });

  it('gives the user a token to speak with, and not to become somebody else', async () => {
    await using server = await startVoiceServer();
    const { body } = await server
      .http('ann')
      .post('/api/flows/intake/test-audio')
      .send({ displayName: 'Ann Example' });
    const claims = await server.fake.verify(body.token);
    expect(claims).toMatchObject({
      sub: body.participantIdentity,
      name: 'Ann Example',
      attributes: { role: 'user' },
    });
    expect(claims.video).toEqual({
      roomJoin: true,
      room: body.roomName,
      canPublish: true,
      canSubscribe: true,
      canPublishData: true,
      canUpdateOwnMetadata: false,
    });
    expect(Number(claims.exp) - Date.now() / 1_000).toBeGreaterThan(580);
    expect(Number(claims.exp) - Date.now() / 1_000).toBeLessThan(610);
  });

  it('is told by its events and its state', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName, participantIdentity, deadlineAt } = await server.call('ann');
    const { body: events } = await server.http('ann').get(`/api/voice-sessions/${sessionId}/events`);
    expect(
      events.map(({ offset, kind, data }: { offset: number; kind: string; data: unknown }) => [
        offset,
        kind,
        data,
      ]),
    ).toEqual([
      [
        0,
        'custom',
        {
          type: 'voice.session.created',
          data: { sessionId, flowId: 'intake', roomName, participantIdentity, status: 'pending', deadlineAt },
        },
      ],
      [
        1,
        'custom',
        { type: 'voice.session.status', data: { from: 'pending', to: 'dispatched', failure: null } },
      ],
    ]);
    expect(await server.state(sessionId)).toEqual({
      sessionId,
      flowId: 'intake',
      status: 'dispatched',
      deadlineAt,
      readyAt: null,
      failure: null,
      talkSessionId: null,
      history: [
        { status: 'pending', at: events[0].creation_utc },
        { status: 'dispatched', at: events[1].creation_utc },
      ],
    });
  });

  it('makes no talk session: those are listed, and there is no conversation yet', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await server.call('ann');
    expect((await server.http().get('/sessions')).body).toEqual([]);
    expect((await server.http().get(`/sessions/${sessionId}`)).status).toBe(404);
  });

  it('calls nobody where workers come by themselves, and stands at dispatched once the room is there', async () => {
    await using server = await startVoiceServer({ settings: { livekitAgentName: undefined } });
    expect((await server.call()).status).toBe('dispatched');
    expect(server.fake.methods()).toEqual(['CreateRoom']);
  });

  it.each([['application/json'], ['application/json; charset=utf-8']])(
    'counts an agent that is called already as called: 409 as %s',
    async (contentType) => {
      await using server = await startVoiceServer();
      server.fake.faults.set('CreateDispatch', {
        status: 409,
        code: 'already_exists',
        message: 'dispatch already exists',
        contentType,
      });
      expect((await server.call()).status).toBe('dispatched');
    },
  );
});

describe('a LiveKit that does not do as it is asked', () => {
  it.each([
    ['CreateRoom', { status: 503, code: 'unavailable' }, 'LIVEKIT_UNAVAILABLE', true],
    ['CreateDispatch', { status: 500, code: 'internal' }, 'LIVEKIT_UNAVAILABLE', true],
    ['CreateRoom', { status: 401, code: 'unauthenticated' }, 'LIVEKIT_AUTH', false],
    ['CreateDispatch', { status: 403, code: 'permission_denied' }, 'LIVEKIT_AUTH', false],
    ['CreateRoom', { status: 400, code: 'invalid_argument' }, 'LIVEKIT_REJECTED', false],
    ['ListDispatch', { status: 429, code: 'resource_exhausted' }, 'LIVEKIT_REJECTED', false],
  ] as const)('%s fails with %j: 502 %s, and it is asked once', async (method, fault, code, retryable) => {
    await using server = await startVoiceServer();
    server.fake.faults.set(method, fault);
    const { status, headers, body } = await server.http().post('/api/flows/intake/test-audio');
    expect(headers['content-type']).toContain('application/problem+json');
    expect({ status, ...body }).toMatchObject({
      status: 502,
      code,
      retryable,
      sessionId: expect.any(String),
    });
    expect(server.fake.methods().filter((called) => called === method)).toHaveLength(1);
    expect(await server.state(body.sessionId)).toMatchObject({
      status: 'failed',
      failure: { code: code.toLowerCase(), reason: null },
    });
  });

  it('removes the room of a session that failed', async () => {
    await using server = await startVoiceServer();
    server.fake.faults.set('CreateDispatch', { status: 503, code: 'unavailable' });
    await server.http().post('/api/flows/intake/test-audio');
    await expect.poll(() => server.fake.methods().at(-1)).toBe('DeleteRoom');
    await expect.poll(() => server.fake.rooms.size).toBe(0);
  });

  it('cannot be reached: 502, may be tried again', async () => {
    const gone = await startFakeLiveKit();
    await gone[Symbol.asyncDispose]();
    await using server = await startVoiceServer({ settings: { livekitUrl: gone.url } });
    const { status, body } = await server.http().post('/api/flows/intake/test-audio');
    expect({ status, ...body }).toMatchObject({ status: 502, code: 'LIVEKIT_UNREACHABLE', retryable: true });
    expect(body.detail).toBe('LiveKit: fetch failed (ECONNREFUSED)');
  });

  it('knows another key: 502, not to be tried again', async () => {
    await using server = await startVoiceServer({
      settings: { livekitApiSecret: 'another secret, which is long enough too' },
    });
    const { status, body } = await server.http().post('/api/flows/intake/test-audio');
    expect({ status, ...body }).toMatchObject({ status: 502, code: 'LIVEKIT_AUTH', retryable: false });
    expect(JSON.stringify([body, server.logged])).not.toContain('another secret');
  });

  it('hangs: answered 202 as pending, and later the session has failed', async () => {
    await using server = await startVoiceServer({
      settings: { voiceDispatchWaitMs: 50, livekitTimeoutMs: 400 },
    });
    server.fake.faults.set('CreateRoom', { hang: true });
    const { status, body } = await server.http().post('/api/flows/intake/test-audio');
    expect([status, body.status]).toEqual([202, 'pending']);
    expect(body.token).toEqual(expect.any(String));
    await expect.poll(async () => (await server.state(body.sessionId)).status).toBe('failed');
    expect((await server.state(body.sessionId)).failure?.code).toBe('livekit_timeout');
  });

  it('answers late: the session goes on as if nothing had been', async () => {
    await using server = await startVoiceServer({ settings: { voiceDispatchWaitMs: 50 } });
    server.fake.faults.set('CreateDispatch', { hang: true, times: 1 });
    const start = await server.call();
    expect(start.status).toBe('pending');
    server.fake.release();
    await expect.poll(async () => (await server.state(start.sessionId)).status).toBe('dispatched');
  });
});

describe('a repeated request', () => {
  const key = { 'Idempotency-Key': 'once' };

  it('answers the same session, with a token that is signed anew and was never stored', async () => {
    await using server = await startVoiceServer();
    const post = () => server.http('ann').post('/api/flows/intake/test-audio').set(key).send({});
    const [first, second] = await Promise.all([post(), post()]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.sessionId).toBe(first.body.sessionId);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await server.fake.verify(second.body.token)).sub).toBe(first.body.participantIdentity);
    expect(server.fake.methods().filter((method) => method === 'CreateRoom')).toHaveLength(1);
    const stored = await server.http('ann').get(`/api/voice-sessions/${first.body.sessionId}/events`);
    expect(stored.text).not.toContain(first.body.token);
  });

  it('is answered so after a restart as well', async () => {
    await using server = await startVoiceServer();
    const post = () => server.http('ann').post('/api/flows/intake/test-audio').set(key).send({});
    const first = await post();
    await server.restart();
    const second = await post();
    expect([second.status, second.body.sessionId]).toEqual([201, first.body.sessionId]);
  });

  it('is refused with another body', async () => {
    await using server = await startVoiceServer();
    const http = server.http('ann').set(key);
    await http.post('/api/flows/intake/test-audio').send({});
    const { status, body } = await http.post('/api/flows/intake/test-audio').send({ locale: 'fr' });
    expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('a flow', () => {
  it('is listed with whether one can call it', async () => {
    await using server = await startVoiceServer();
    const { body } = await server.http('ann').get('/api/flows');
    const { id, greeting } = intake;
    expect(body).toEqual({
      voiceConfigured: true,
      flows: [{ id, agentId: 'echo', greeting, locale: 'en' }],
    });
  });

  it.each([
    [{ livekitUrl: undefined }, 'LIVEKIT_URL'],
    [{ livekitApiKey: undefined, livekitApiSecret: undefined }, 'LIVEKIT_API_KEY, LIVEKIT_API_SECRET'],
    [{ voiceCallbackSecret: undefined }, 'VOICE_CALLBACK_SECRET'],
  ])('cannot be called without %j: 503 says what to set', async (settings, missing) => {
    await using server = await startVoiceServer({ settings });
    const { status, body } = await server.http().post('/api/flows/intake/test-audio');
    expect({ status, code: body.code, detail: body.detail }).toEqual({
      status: 503,
      code: 'VOICE_NOT_CONFIGURED',
      detail: `There are no voice sessions on this server: set ${missing} (docs/voice.md).`,
    });
    expect((await server.http().get('/api/flows')).body.voiceConfigured).toBe(false);
    expect((await server.http().get('/api/voice-sessions/vs_1')).body.code).toBe('VOICE_NOT_CONFIGURED');
    expect((await server.http().post('/api/livekit/webhook').send({})).body.code).toBe(
      'VOICE_NOT_CONFIGURED',
    );
    expect(server.fake.calls).toEqual([]);
  });

  it('that is not there is a 404, before anything else is looked at', async () => {
    await using server = await startVoiceServer({ settings: { livekitUrl: undefined } });
    const { status, body } = await server.http().post('/api/flows/nothing/test-audio');
    expect([status, body.code]).toEqual([404, 'FLOW_NOT_FOUND']);
  });

  it('whose agent is not there is told at start, and is a 404', async () => {
    await using server = await startVoiceServer({ flows: [{ ...intake, agent: 'nobody' }] });
    const { status, body } = await server.http().post('/api/flows/intake/test-audio');
    expect([status, body.code]).toEqual([404, 'AGENT_NOT_FOUND']);
    expect(server.logged).toContainEqual(
      expect.objectContaining({
        flow: 'intake',
        agent: 'nobody',
        msg: 'a flow names an agent that is not there',
      }),
    );
    expect(server.fake.calls).toEqual([]);
  });
});

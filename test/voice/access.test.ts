import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { intake, startVoiceServer, type VoiceServer } from '../support/voice-server.ts';

const notFound = [404, 'VOICE_SESSION_NOT_FOUND'];
const jwtSecret = 'a secret for the tokens of users, long enough';

type Method = 'get' | 'post' | 'delete';

async function ask(
  server: VoiceServer,
  method: Method,
  path: string,
  { as, org, token, body }: { as?: string; org?: string; token?: string; body?: object } = {},
) {
  const request = server.http(as)[method](path);
  if (org !== undefined) void request.set('X-Org-Id', org);
  if (token !== undefined) void request.set('Authorization', `Bearer ${token}`);
  const { status, body: answer } = await (body ? request.send(body) : request);
  return [status, answer.code ?? answer.status, answer] as const;
}

function userToken(claims: { readonly sub: string; readonly roles?: unknown; readonly org?: unknown }) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(jwtSecret));
}

describe('a voice session of another user', () => {
  it('is not found, on every route', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await server.call('ann');
    const path = `/api/voice-sessions/${sessionId}`;
    for (const as of ['bob', 'ann2']) {
      expect((await ask(server, 'get', path, { as })).slice(0, 2)).toEqual(notFound);
      expect((await ask(server, 'get', `${path}/events`, { as })).slice(0, 2)).toEqual(notFound);
      expect((await ask(server, 'delete', path, { as })).slice(0, 2)).toEqual(notFound);
      for (const role of ['user', 'monitor', 'admin'])
        expect((await ask(server, 'post', `${path}/tokens`, { as, body: { role } })).slice(0, 2)).toEqual(
          notFound,
        );
    }
    expect((await ask(server, 'get', path, { as: 'ann' })).slice(0, 2)).toEqual([200, 'dispatched']);
    expect((await ask(server, 'get', path)).slice(0, 2)).toEqual([200, 'dispatched']);
  });

  it('is not found as a talk session either', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await server.call('ann');
    for (const path of [
      `/sessions/${sessionId}`,
      `/sessions/${sessionId}/events`,
      `/sessions/${sessionId}/state`,
    ])
      expect((await ask(server, 'get', path, { as: 'ann' }))[0]).toBe(404);
    expect((await ask(server, 'post', `/sessions/${sessionId}/stop`, { as: 'ann' }))[0]).toBe(404);
  });

  it('that is not there is a 404 as well', async () => {
    await using server = await startVoiceServer();
    for (const id of ['vs_1', 'nothing'])
      expect((await ask(server, 'get', `/api/voice-sessions/${id}`)).slice(0, 2)).toEqual(notFound);
  });
});

describe('organisations', () => {
  const flows = [intake, { ...intake, id: 'acme-intake', org: 'acme' }];

  it('see their own flows only', async () => {
    await using server = await startVoiceServer({ flows });
    const idsFor = async (org?: string) =>
      (await ask(server, 'get', '/api/flows', { as: 'ann', ...(org && { org }) }))[2].flows.map(
        ({ id }: { id: string }) => id,
      );
    expect(await idsFor()).toEqual(['intake']);
    expect(await idsFor('acme')).toEqual(['acme-intake']);
    expect(await idsFor('another')).toEqual([]);
    const call = async (flow: string, org?: string) =>
      (await ask(server, 'post', `/api/flows/${flow}/test-audio`, { as: 'ann', ...(org && { org }) }))[1];
    expect(await call('acme-intake')).toBe('FLOW_NOT_FOUND');
    expect(await call('intake', 'acme')).toBe('FLOW_NOT_FOUND');
    expect(await call('acme-intake', 'acme')).toBe('dispatched');
  });

  it('see their own voice sessions only, operators included', async () => {
    await using server = await startVoiceServer({ flows });
    const [, , start] = await ask(server, 'post', '/api/flows/acme-intake/test-audio', {
      as: 'ann',
      org: 'acme',
    });
    const path = `/api/voice-sessions/${start.sessionId}`;
    expect((await ask(server, 'get', path, { org: 'acme' }))[0]).toBe(200);
    expect((await ask(server, 'get', path)).slice(0, 2)).toEqual(notFound);
    expect((await ask(server, 'get', path, { as: 'ann' })).slice(0, 2)).toEqual(notFound);
    expect(server.workerOf(start).orgId).toBe('acme');
  });

  it('have names that can be one', async () => {
    await using server = await startVoiceServer();
    for (const org of ['', 'x'.repeat(201)])
      expect((await ask(server, 'get', '/api/flows', { org })).slice(0, 2)).toEqual([
        400,
        'INVALID_ORGANISATION',
      ]);
  });

  it('and roles are what the token says', async () => {
    await using server = await startVoiceServer({ flows, settings: { auth: 'jwt', jwtSecret } });
    const ann = await userToken({ sub: 'ann', org: 'acme' });
    const [, , start] = await ask(server, 'post', '/api/flows/acme-intake/test-audio', { token: ann });
    const path = `/api/voice-sessions/${start.sessionId}`;
    const statusFor = async (claims: Parameters<typeof userToken>[0]) =>
      (await ask(server, 'get', path, { token: await userToken(claims) }))[0];
    expect(await statusFor({ sub: 'bob', org: 'acme', roles: ['monitor'] })).toBe(200);
    expect(await statusFor({ sub: 'bob', org: 'acme', roles: 'supervisor' })).toBe(200);
    expect(await statusFor({ sub: 'bob', org: 'acme', roles: ['user', 'dancer'] })).toBe(404);
    expect(await statusFor({ sub: 'bob', org: 'acme' })).toBe(404);
    expect(await statusFor({ sub: 'bob', org: 'other', roles: ['admin'] })).toBe(404);
    expect(await statusFor({ sub: 'bob', roles: ['operator'] })).toBe(404);
    expect(await statusFor({ sub: 'root', org: 'acme', roles: ['operator'] })).toBe(200);
    // An organisation that is none must not become the default one.
    expect(await statusFor({ sub: 'ann', org: 7 })).toBe(401);
    expect(await statusFor({ sub: 'ann', org: '' })).toBe(401);
    expect((await ask(server, 'get', path))[0]).toBe(401);
    const stop = async (roles: string) =>
      (await ask(server, 'delete', path, { token: await userToken({ sub: 'bob', org: 'acme', roles }) }))[0];
    expect([await stop('monitor'), await stop('supervisor'), await stop('admin')]).toEqual([404, 404, 202]);
  });
});

describe('a token to join a room', () => {
  it('is at most of the role of whoever asks', async () => {
    await using server = await startVoiceServer({ settings: { auth: 'jwt', jwtSecret } });
    const ann = await userToken({ sub: 'ann' });
    const [, , start] = await ask(server, 'post', '/api/flows/intake/test-audio', { token: ann });
    const path = `/api/voice-sessions/${start.sessionId}/tokens`;
    const asked = ['user', 'monitor', 'supervisor', 'admin'];
    const answers = async (claims: Parameters<typeof userToken>[0]) => {
      const token = await userToken(claims);
      const all = await Promise.all(
        asked.map((role) => ask(server, 'post', path, { token, body: { role } })),
      );
      return all.map(([status, code]) => (status === 201 ? 201 : code));
    };
    const no = 'ROLE_NOT_ALLOWED';
    expect(await answers({ sub: 'ann' })).toEqual([201, no, no, no]);
    expect(await answers({ sub: 'bob', roles: ['monitor'] })).toEqual([no, 201, no, no]);
    expect(await answers({ sub: 'bob', roles: ['monitor', 'supervisor'] })).toEqual([no, 201, 201, no]);
    expect(await answers({ sub: 'bob', roles: ['admin'] })).toEqual([no, 201, 201, 201]);
    expect(await answers({ sub: 'bob', roles: ['operator'] })).toEqual([no, 201, 201, 201]);
    expect(await answers({ sub: 'ann', roles: ['supervisor'] })).toEqual([201, 201, 201, no]);
  });

  it('lets who watches see and hear, and nothing else', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call('ann');
    const path = `/api/voice-sessions/${sessionId}/tokens`;
    const [status, , body] = await ask(server, 'post', path, { body: { role: 'supervisor' } });
    expect([status, body.url]).toEqual([201, server.fake.url.replace('http', 'ws')]);
    const claims = await server.fake.verify(body.token);
    expect(claims).toMatchObject({
      sub: body.participantIdentity,
      attributes: { role: 'supervisor' },
      video: {
        roomJoin: true,
        room: roomName,
        canPublish: false,
        canSubscribe: true,
        canPublishData: false,
        canUpdateOwnMetadata: false,
      },
    });
    expect(body.participantIdentity).toMatch(/^supervisor-dev-[0-9a-f]{8}$/);
    const [, , second] = await ask(server, 'post', path, { body: { role: 'supervisor' } });
    expect(second.participantIdentity).not.toBe(body.participantIdentity);
  });

  it('lets the user come back as who they were', async () => {
    await using server = await startVoiceServer();
    const { sessionId, participantIdentity } = await server.call('ann');
    const [, , body] = await ask(server, 'post', `/api/voice-sessions/${sessionId}/tokens`, {
      as: 'ann',
      body: { role: 'user' },
    });
    expect(body.participantIdentity).toBe(participantIdentity);
    expect(await server.fake.verify(body.token)).toMatchObject({ attributes: { role: 'user' } });
  });

  it('is not signed for a session that is over', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await server.call('ann');
    await ask(server, 'delete', `/api/voice-sessions/${sessionId}`, { as: 'ann' });
    const answer = await ask(server, 'post', `/api/voice-sessions/${sessionId}/tokens`, {
      body: { role: 'monitor' },
    });
    expect(answer[2]).toMatchObject({ code: 'SESSION_OVER', sessionStatus: 'ended', sessionId });
  });
});

describe('bad input', () => {
  it.each([
    ['/api/flows/intake/test-audio', { displayName: '' }, 'displayName'],
    ['/api/flows/intake/test-audio', { displayName: 7 }, 'displayName'],
    ['/api/flows/intake/test-audio', { displayName: 'x'.repeat(201) }, 'displayName'],
    ['/api/flows/intake/test-audio', { locale: ['en'] }, 'locale'],
    ['/api/flows/intake/test-audio', [], ''],
    ['/api/voice-sessions/{id}/tokens', { role: 'king' }, 'role'],
    ['/api/voice-sessions/{id}/tokens', {}, 'role'],
  ])('in the body of %s: %j names the field, and nothing is made', async (path, body, field) => {
    await using server = await startVoiceServer();
    const { sessionId } = await server.call('ann');
    const calls = server.fake.calls.length;
    const [status, code, answer] = await ask(server, 'post', path.replace('{id}', sessionId), {
      as: 'ann',
      body,
    });
    expect([status, code, answer.errors[0].field]).toEqual([422, 'INVALID_REQUEST', field]);
    expect(server.fake.calls).toHaveLength(calls);
  });

  it('in the address, or in Last-Event-ID', async () => {
    await using server = await startVoiceServer();
    const { sessionId } = await server.call('ann');
    expect((await ask(server, 'get', '/api/voice-sessions/a%20b')).slice(0, 2)).toEqual([
      422,
      'INVALID_REQUEST',
    ]);
    const { status, body } = await server
      .http('ann')
      .get(`/api/voice-sessions/${sessionId}/events`)
      .set({ Accept: 'text/event-stream', 'Last-Event-ID': 'last' });
    expect([status, body.code]).toEqual([400, 'INVALID_LAST_EVENT_ID']);
  });

  it('is nothing a signed-out caller gets to', async () => {
    await using server = await startVoiceServer({ settings: { auth: 'jwt', jwtSecret } });
    for (const [method, path] of [
      ['get', '/api/flows'],
      ['post', '/api/flows/intake/test-audio'],
      ['get', '/api/voice-sessions/vs_1'],
      ['get', '/api/voice-sessions/vs_1/events'],
      ['delete', '/api/voice-sessions/vs_1'],
      ['post', '/api/voice-sessions/vs_1/tokens'],
    ] as const)
      expect((await ask(server, method, path)).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
    expect(server.fake.calls).toEqual([]);
  });

  it('of workers and of LiveKit does not count as the requests of anybody', async () => {
    await using server = await startVoiceServer({
      settings: { auth: 'jwt', jwtSecret, requestsPerMinute: 2 },
    });
    const ann = await userToken({ sub: 'ann' });
    const [, , start] = await ask(server, 'post', '/api/flows/intake/test-audio', { token: ann });
    const worker = server.workerOf(start);
    for (let n = 0; n < 5; n++) {
      expect((await server.report(worker, { type: 'agent.joined' })).status).toBe(200);
      expect((await server.fake.webhook('room_started', start.roomName))?.status).toBe(200);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { protocol as P, signWebhook } from '../support/fake-livekit.ts';
import { startVoiceServer, type VoiceServer, WORKER } from '../support/voice-server.ts';

const agent = (name = WORKER) =>
  new P.ParticipantInfo({
    identity: 'agent-AJ_1',
    kind: P.ParticipantInfo_Kind.AGENT,
    attributes: { 'lk.agent.name': name },
  });
const user = new P.ParticipantInfo({ identity: 'user-ann', kind: P.ParticipantInfo_Kind.STANDARD });

async function post(server: VoiceServer, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/livekit/webhook`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/webhook+json', ...headers },
  });
  const text = await response.text();
  return [response.status, text && (JSON.parse(text) as { code: string }).code] as const;
}

function joined(roomName: string): string {
  const room = { sid: 'RM_1', name: roomName };
  const participant = { identity: 'agent-AJ_1', kind: 'AGENT', state: 'ACTIVE' };
  return JSON.stringify({
    event: 'participant_joined',
    id: 'EV_1',
    createdAt: '1795152783',
    room,
    participant,
  });
}

describe('what LiveKit tells of a room', () => {
  it('makes a session connecting when its agent comes in, once however often it is told', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    const body = joined(roomName);
    const authorization = await signWebhook(body);
    const answers = await Promise.all([1, 2, 3].map(() => post(server, body, { authorization })));
    expect(answers).toEqual([
      [200, ''],
      [200, ''],
      [200, ''],
    ]);
    const { body: events } = await server.http().get(`/api/voice-sessions/${sessionId}/events`);
    expect(events.slice(2).map(({ data }: { data: unknown }) => data)).toEqual([
      {
        type: 'voice.agent.status',
        data: { type: 'agent.joined', sessionId, timestamp: '2026-11-20T05:33:03.000Z' },
      },
      {
        type: 'voice.session.status',
        data: { from: 'dispatched', to: 'connecting', failure: null },
      },
    ]);
  });

  it.each(['participant_left', 'participant_connection_aborted'])(
    'fails a session whose agent goes before it was ready: %s, be it that nobody said it came',
    async (event) => {
      await using server = await startVoiceServer();
      const { sessionId, roomName } = await server.call();
      await server.fake.webhook(event, roomName, { participant: agent() });
      expect(await server.state(sessionId)).toMatchObject({
        status: 'failed',
        failure: { code: 'agent_left' },
      });
      // It overtook this one.
      await server.fake.webhook('participant_joined', roomName, { participant: agent() });
      expect((await server.state(sessionId)).status).toBe('failed');
    },
  );

  it('fails a session whose job has failed, with the reason', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    const job = (status: number) =>
      new P.Job({ id: 'AJ_1', state: { status, error: 'The worker fell over.' } });
    await server.fake.webhook('agent_job_ended', roomName, { job: job(P.JobStatus.JS_SUCCESS) });
    expect((await server.state(sessionId)).status).toBe('dispatched');
    await server.fake.webhook('agent_job_ended', roomName, { job: job(P.JobStatus.JS_FAILED) });
    expect(await server.state(sessionId)).toMatchObject({
      status: 'failed',
      failure: { code: 'agent_job_failed', message: 'The worker fell over.' },
    });
  });

  it('fails a session whose room is gone before it was ready', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    await server.fake.webhook('room_finished', roomName);
    expect((await server.state(sessionId)).failure?.code).toBe('room_finished');
  });

  it.each([
    ['participant_left', { participant: agent() }],
    ['room_finished', {}],
  ])('ends a session that was ready: %s', async (event, more) => {
    await using server = await startVoiceServer();
    const start = await server.call();
    await server.report(server.workerOf(start), { type: 'agent.ready' });
    await server.fake.webhook(event, start.roomName, more);
    expect(await server.state(start.sessionId)).toMatchObject({ status: 'ended', failure: null });
  });

  it('never makes a session ready', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    for (const event of ['room_started', 'participant_joined', 'track_published'])
      await server.fake.webhook(event, roomName, { participant: agent() });
    expect((await server.state(sessionId)).status).toBe('connecting');
  });

  it('is nothing to a session when it is about the user, or about an agent of somebody else', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    for (const event of ['participant_joined', 'participant_left'])
      for (const participant of [user, agent('a recorder')])
        expect((await server.fake.webhook(event, roomName, { participant }))?.status).toBe(200);
    expect((await server.state(sessionId)).status).toBe('dispatched');
  });

  it('is ignored for rooms of others, rooms that look like ours, and sessions that are over', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    await server.http().delete(`/api/voice-sessions/${sessionId}`);
    const rooms = [
      'somewhere else',
      'flow-intake-vs_00000000-0000-4000-8000-000000000000',
      `flow-another-${sessionId}`,
      roomName,
    ];
    for (const room of rooms)
      expect((await server.fake.webhook('participant_joined', room, { participant: agent() }))?.status).toBe(
        200,
      );
    expect((await server.state(sessionId)).status).toBe('ended');
  });
});

describe('a webhook that LiveKit did not sign', () => {
  it('is a 401, and changes nothing', async () => {
    await using server = await startVoiceServer();
    const { sessionId, roomName } = await server.call();
    const body = joined(roomName);
    const authorization = await signWebhook(body);
    const refused = [401, 'BAD_WEBHOOK_SIGNATURE'];
    expect(await post(server, body)).toEqual(refused);
    expect(await post(server, body, { authorization: '' })).toEqual(refused);
    expect(await post(server, body, { authorization: 'nonsense' })).toEqual(refused);
    expect(await post(server, body, { authorization: `Bearer ${authorization}` })).toEqual(refused);
    expect(await post(server, `${body} `, { authorization })).toEqual(refused);
    expect(await post(server, body, { authorization: await signWebhook('{}') })).toEqual(refused);
    expect((await server.state(sessionId)).status).toBe('dispatched');
  });

  it('is refused as well when it is no webhook at all', async () => {
    await using server = await startVoiceServer();
    for (const body of ['', 'nonsense', '[]', '7']) {
      const authorization = await signWebhook(body);
      expect((await post(server, body, { authorization }))[0]).toBe(401);
    }
    expect(await post(server, '{}', { 'content-type': 'text/plain', authorization: 'x' })).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });
});

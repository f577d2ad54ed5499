import { describe, expect, it } from 'vitest';
import { intake, startVoiceServer, type VoiceServer, type WorkerMetadata } from '../support/voice-server.ts';

async function begin(server: VoiceServer, user?: string) {
  const start = await server.call(user);
  return { ...start, worker: server.workerOf(start) };
}

async function ask(server: VoiceServer, { sessionId, callbackToken }: WorkerMetadata, body: unknown) {
  const response = await fetch(`${server.url}/api/voice-sessions/${sessionId}/flow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${callbackToken}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const init = { phase: 'init' };

describe('the conversation of a voice session', () => {
  it('is a talk session of its user, which begins with the greeting', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server, 'ann');
    const { status, body } = await ask(server, worker, init);
    expect([status, body]).toEqual([
      200,
      { greeting: intake.greeting, talkSessionId: sessionId.replace('vs_', 'tlk_'), agentId: 'echo' },
    ]);
    const { body: sessions } = await server.http('ann').get('/sessions');
    expect(sessions).toMatchObject([
      { id: body['talkSessionId'], agent_id: 'echo', customer_id: 'ann', metadata: { flow_id: 'intake' } },
    ]);
    const { body: events } = await server
      .http('ann')
      .get(`/sessions/${String(body['talkSessionId'])}/events`);
    expect(events).toMatchObject([
      { offset: 0, kind: 'message', source: 'ai_agent', data: { message: intake.greeting } },
    ]);
    expect((await server.state(sessionId)).talkSessionId).toBe(body['talkSessionId']);
  });

  it('is made once, however often and at once it is asked for, and by whichever server', async () => {
    await using server = await startVoiceServer();
    const { worker } = await begin(server, 'ann');
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(server, worker, init)));
    await server.restart();
    answers.push(await ask(server, worker, init));
    expect(new Set(answers.map(({ body }) => body['talkSessionId'])).size).toBe(1);
    const { body: events } = await server
      .http('ann')
      .get(`/sessions/${String(answers[0]?.body['talkSessionId'])}/events`);
    expect(events).toHaveLength(1);
  });

  it('is the guest’s where nobody in particular called', async () => {
    await using server = await startVoiceServer();
    const { worker } = await begin(server);
    await ask(server, worker, init);
    expect((await server.http().get('/sessions')).body).toMatchObject([{ customer_id: 'guest' }]);
  });

  it('is never taken over: a session of somebody else that has its id is left alone', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server, 'ann');
    await server
      .http('eve')
      .post('/sessions')
      .send({ agent_id: 'echo', id: sessionId.replace('vs_', 'tlk_') });
    expect(await ask(server, worker, init)).toMatchObject({
      status: 409,
      body: { code: 'SESSION_ID_TAKEN' },
    });
  });

  it('goes on by turns: what the user said, and what the agent answers', async () => {
    await using server = await startVoiceServer();
    for (const user of ['ann', undefined]) {
      const { worker, sessionId } = await begin(server, user);
      await ask(server, worker, init);
      const turn = await ask(server, worker, { phase: 'turn', text: 'My knee hurts.' });
      expect(turn).toEqual({ status: 200, body: { status: 'ready', messages: ['echo: My knee hurts.'] } });
      const talk = sessionId.replace('vs_', 'tlk_');
      const { body: events } = await server.http(user).get(`/sessions/${talk}/events?kinds=message`);
      expect(
        events.map(({ source, data }: { source: string; data: { message: string } }) => [
          source,
          data.message,
        ]),
      ).toEqual([
        ['ai_agent', intake.greeting],
        ['customer', 'My knee hurts.'],
        ['ai_agent', 'echo: My knee hurts.'],
      ]);
    }
  });

  it.each([
    [{ phase: 'turn', text: '' }, 'text'],
    [{ phase: 'turn', text: '   ' }, 'text'],
    [{ phase: 'turn' }, 'text'],
    [{ phase: 'dance' }, 'phase'],
    [{}, 'phase'],
  ])('cannot be asked for by %j: 422 names the field', async (body, field) => {
    await using server = await startVoiceServer();
    const { worker } = await begin(server, 'ann');
    const answer = await ask(server, worker, body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
    expect(answer.body['errors']).toContainEqual(expect.objectContaining({ place: 'body', field }));
    expect((await server.http().get('/sessions')).body).toEqual([]);
  });

  it('is not begun for a session that is over, nor for somebody without its token', async () => {
    await using server = await startVoiceServer();
    const { worker, sessionId } = await begin(server, 'ann');
    expect(await ask(server, { ...worker, callbackToken: 'x' }, init)).toMatchObject({
      status: 401,
      body: { code: 'BAD_CALLBACK_TOKEN' },
    });
    await server.http('ann').delete(`/api/voice-sessions/${sessionId}`);
    for (const body of [init, { phase: 'turn', text: 'Hello?' }])
      expect(await ask(server, worker, body)).toMatchObject({ status: 409, body: { code: 'SESSION_OVER' } });
    expect((await server.http().get('/sessions')).body).toEqual([]);
  });

  it('is refused to a user who has as many sessions as anybody may', async () => {
    await using server = await startVoiceServer({ settings: { sessionsPerCustomer: 1 } });
    const [one, two] = [await begin(server, 'ann'), await begin(server, 'ann')];
    expect((await ask(server, one.worker, init)).status).toBe(200);
    expect(await ask(server, two.worker, init)).toMatchObject({
      status: 429,
      body: { code: 'TOO_MANY_SESSIONS' },
    });
    expect((await ask(server, one.worker, init)).status).toBe(200);
  });
});

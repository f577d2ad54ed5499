import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import type { Person } from '../support/fake-livekit.ts';
import { startVoiceServer, type VoiceServer, type VoiceServerOptions } from '../support/voice-server.ts';

const people: readonly Person[] = [
  { identity: 'ann', attributes: { role: 'user' } },
  { identity: 'mona', attributes: { role: 'monitor' } },
  { identity: 'sue', attributes: { role: 'supervisor' } },
  { identity: 'adam', attributes: { role: 'admin' } },
  { identity: 'nobody' },
  { identity: 'king', attributes: { role: 'king' } },
  { identity: 'late', attributes: { role: 'admin' }, isJoining: true },
  { identity: 'agent-AJ_1', isAgent: true, attributes: { role: 'admin' } },
];

/** A voice session with a conversation, and these people in its room. */
async function begin(room: readonly Person[] = people, options: VoiceServerOptions = {}) {
  const server = await startVoiceServer(options);
  const start = await server.call('ann');
  const { callbackToken } = server.workerOf(start);
  const response = await fetch(`${server.url}/api/voice-sessions/${start.sessionId}/flow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${callbackToken}` },
    body: JSON.stringify({ phase: 'init' }),
  });
  const { talkSessionId } = (await response.json()) as { talkSessionId: string };
  for (const person of room) server.fake.join(start.roomName, person);
  return {
    ...start,
    server,
    talkSessionId,
    sent: () => server.fake.sent,
    tell: (type: string, data: unknown = {}) => tell(server, talkSessionId, type, data),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** As the flow does, or whoever it lets. */
async function tell(
  server: VoiceServer,
  talkSessionId: string,
  type: string,
  data: unknown,
  source = 'system',
) {
  const event = { kind: 'custom', source, data: { type, data } };
  const user = source === 'customer_ui' ? 'ann' : undefined;
  const { status, body } = await server.http(user).post(`/sessions/${talkSessionId}/events`).send(event);
  expect(status).toBe(201);
  return body as { readonly offset: number; readonly creation_utc: string };
}

describe('what a flow tells of itself', () => {
  it('goes to the watchers in the room, with its place in the log', async () => {
    await using flow = await begin();
    const { offset, creation_utc: timestamp } = await flow.tell('flow.step.completed', {
      step: 'ask_symptom',
      next: 'confirm',
    });
    await expect.poll(flow.sent).toHaveLength(1);
    expect(flow.sent()).toEqual([
      {
        room: flow.roomName,
        topic: 'flow-events',
        to: ['mona', 'sue', 'adam'],
        data: {
          type: 'flow.step.completed',
          sessionId: flow.sessionId,
          flowId: 'intake',
          seq: 1,
          offset,
          timestamp,
          data: { step: 'ask_symptom', next: 'confirm' },
        },
      },
    ]);
  });

  it.each([
    ['flow.step.completed', ['mona', 'sue', 'adam']],
    ['flow.tool.called', ['sue', 'adam']],
    ['flow.secret.read', ['adam']],
  ])('is heard by exactly the roles that may: %s by %j', async (type, to) => {
    await using flow = await begin();
    await flow.tell(type);
    await expect.poll(flow.sent).toHaveLength(1);
    expect(flow.sent()[0]?.to).toEqual(to);
  });

  it.each([
    ['the user is there', [people[0]!]],
    [
      'the user, an agent and people without a role are there',
      [people[0]!, people[4]!, people[5]!, people[7]!],
    ],
    ['who may hear it is still on the way', [people[6]!]],
    ['nobody is there', []],
  ])('is not sent at all when only %s: naming nobody would tell everybody', async (_, room) => {
    await using flow = await begin(room);
    const asked = () => flow.server.fake.methods().filter((method) => method === 'ListParticipants').length;
    await flow.tell('flow.step.completed');
    await expect.poll(asked).toBe(1);
    await flow.server.restart();
    expect(flow.sent()).toEqual([]);
    expect(flow.server.fake.methods()).not.toContain('SendData');
  });

  it('is counted, so that a watcher sees what was missed: also over a restart', async () => {
    await using flow = await begin();
    await flow.tell('flow.a');
    await flow.tell('flow.secret.read');
    await flow.tell('not.of.the.flow');
    await flow.tell('flow.b');
    await expect.poll(flow.sent).toHaveLength(3);
    await flow.server.restart();
    await flow.tell('flow.c');
    await expect.poll(flow.sent).toHaveLength(4);
    expect(flow.sent().map(({ data, to }) => [data['type'], data['seq'], to.length])).toEqual([
      ['flow.a', 1, 3],
      ['flow.secret.read', 2, 1],
      ['flow.b', 3, 3],
      ['flow.c', 4, 3],
    ]);
  });

  it('comes in order, however much at once', async () => {
    await using flow = await begin();
    const { server, talkSessionId } = flow;
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        server.colloquy.sessions.post(talkSessionId, {
          kind: 'custom',
          source: 'system',
          data: { type: 'flow.step', data: n },
        }),
      ),
    );
    await expect.poll(flow.sent).toHaveLength(50);
    expect(flow.sent().map(({ data }) => data['seq'])).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(server.fake.methods().filter((method) => method === 'ListParticipants')).toHaveLength(1);
  });

  it('is only named where it is too large for a packet: the log has the rest', async () => {
    await using flow = await begin();
    const { offset } = await flow.tell('flow.step', 'ä'.repeat(8_000));
    await expect.poll(flow.sent).toHaveLength(1);
    expect(flow.sent()[0]?.data).toMatchObject({
      type: 'flow.step',
      seq: 1,
      offset,
      truncated: true,
      talkSessionId: flow.talkSessionId,
    });
    expect(flow.sent()[0]?.data).not.toHaveProperty('data');
  });

  it('is never what the customer says it is', async () => {
    await using flow = await begin();
    await tell(flow.server, flow.talkSessionId, 'flow.step.completed', {}, 'customer_ui');
    await flow.tell('flow.real');
    await expect.poll(flow.sent).toHaveLength(1);
    expect(flow.sent()[0]?.data).toMatchObject({ type: 'flow.real', seq: 1 });
  });

  it('is not sent of other talk sessions, nor when the voice session is over', async () => {
    await using flow = await begin();
    const { server } = flow;
    const { body: other } = await server.http('ann').post('/sessions').send({ agent_id: 'echo' });
    await tell(server, other.id, 'flow.step.completed', {});
    await server.http('ann').delete(`/api/voice-sessions/${flow.sessionId}`);
    await flow.tell('flow.step.completed');
    await server.restart();
    expect(flow.sent()).toEqual([]);
  });

  it('harms nobody when LiveKit does not take it: the flow goes on, the log of the program says so', async () => {
    await using flow = await begin();
    flow.server.fake.faults.set('SendData', { status: 503, code: 'unavailable', times: 1 });
    const lost = await flow.tell('flow.a');
    await flow.tell('flow.b');
    await expect.poll(flow.sent).toHaveLength(1);
    expect(flow.sent()[0]?.data).toMatchObject({ type: 'flow.b', seq: 2 });
    expect(flow.server.logged).toContainEqual(
      expect.objectContaining({
        event: 'voice.flow_event.undelivered',
        sessionId: flow.sessionId,
        offset: lost.offset,
        code: 'livekit_unavailable',
      }),
    );
  });

  it('does not pile up for a LiveKit that hangs', async () => {
    await using flow = await begin(people, { settings: { livekitTimeoutMs: 60_000 } });
    const { server, talkSessionId } = flow;
    server.fake.faults.set('SendData', { hang: true });
    const posts = Array.from({ length: 130 }, (_, n) =>
      server.colloquy.sessions.post(talkSessionId, {
        kind: 'custom',
        source: 'system',
        data: { type: 'flow.step', data: n },
      }),
    );
    await Promise.all(posts);
    const lost = () => server.logged.filter(({ code }) => code === 'too_many_waiting');
    await expect.poll(lost).toHaveLength(30);
  });
});

describe('who is in a room', () => {
  it('is asked again after two seconds, and as soon as somebody comes or goes', async () => {
    const clock = createTestClock();
    await using flow = await begin([people[1]!], { clock });
    const { server, roomName } = flow;
    await flow.tell('flow.a');
    await expect.poll(flow.sent).toHaveLength(1);
    server.fake.join(roomName, people[2]!);
    await flow.tell('flow.b');
    await expect.poll(flow.sent).toHaveLength(2);
    await server.fake.webhook('participant_joined', roomName, {
      participant: server.fake.rooms.get(roomName)?.members.get('sue')?.info(),
    });
    await flow.tell('flow.c');
    await expect.poll(flow.sent).toHaveLength(3);
    server.fake.leave(roomName, 'sue');
    await clock.advance(2_000);
    await flow.tell('flow.d');
    await expect.poll(flow.sent).toHaveLength(4);
    expect(flow.sent().map(({ to }) => to)).toEqual([['mona'], ['mona'], ['mona', 'sue'], ['mona']]);
  });
});

import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../src/http/schemas/event.ts';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer, type TestServerOptions } from '../support/server.ts';

async function withSession(options: TestServerOptions = {}) {
  const server = await startServer(options);
  const id = await server.session('ann');
  const path = `/sessions/${id}/events`;
  return {
    server,
    id,
    path,
    /** A message that is being made: its last chunk is not null yet. */
    async growing() {
      const [event] = await server.log.append(id, [
        {
          kind: 'message',
          source: 'ai_agent',
          trace_id: 't',
          data: { message: 'a', participant: { id: 'echo', display_name: 'Echo' }, chunks: ['a'] },
        },
      ]);
      return event!;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const framesOf = (text: string) =>
  text
    .split('\n\n')
    .map((frame) => /^data: ?(.*)$/m.exec(frame)?.[1])
    .filter((data) => data !== undefined)
    .map((data) => JSON.parse(data) as { id: string; metadata: object });

describe('GET /sessions/{id}/events/{event_id}', () => {
  it('answers the event, to its customer too, and deleted ones as deleted', async () => {
    await using at = await withSession();
    const event = await at.server.say(at.id, 'hello');
    const one = `${at.path}/${event.id}`;
    expect((await at.server.http('ann').get(one).expect(200)).body).toEqual(event);
    await at.server.log.remove(at.id, 0);
    const { body } = await at.server.http().get(one).expect(200);
    expect(eventSchema.parse(body)).toEqual({ ...event, deleted: true });
  });

  it('is a 404 for no event, for one of another session and for one of somebody else', async () => {
    await using at = await withSession();
    const other = await at.server.session('bob');
    const { id } = await at.server.say(other, 'secret');
    for (const path of [`${at.path}/none`, `${at.path}/${id}`, `${at.path}/none?sse=true`]) {
      const { body } = await at.server.http().get(path).expect(404);
      expect(body).toMatchObject({ code: 'EVENT_NOT_FOUND', detail: expect.any(String) });
    }
    await at.server.http('ann').get(`/sessions/${other}/events/${id}`).expect(404);
  });

  it('answers an event that is whole at once, however long one would wait', async () => {
    await using at = await withSession();
    const { id } = await at.server.say(at.id, 'hello');
    await at.server.http().get(`${at.path}/${id}?wait_for_completion=true`).expect(200);
    const { text } = await at.server.http().get(`${at.path}/${id}?sse=true`).expect(200);
    expect(framesOf(text)).toMatchObject([{ id }]);
  });

  it('answers a growing message as it is when the wait is over', async () => {
    await using at = await withSession();
    const event = await at.growing();
    const { body } = await at.server
      .http()
      .get(`${at.path}/${event.id}?wait_for_completion=true&wait_for_data=1`)
      .expect(200);
    expect(body).toEqual(event);
  });

  it('streams a growing message again when it changes, until it has been silent for so long', async () => {
    await using at = await withSession();
    const event = await at.growing();
    const answer = fetch(`${at.server.url}${at.path}/${event.id}?sse=1&wait_for_data=1`);
    await expect.poll(() => at.server.log.followers(at.id)).toBe(1);
    await at.server.log.patch(at.id, event.id, { set: { m: 1 } });
    const response = await answer;
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    expect(framesOf(await response.text()).map(({ metadata }) => metadata)).toEqual([{}, { m: 1 }]);
  });

  it.each(['wait_for_completion=true', 'sse=true'])(
    'ends with %s when the session is deleted',
    async (how) => {
      await using at = await withSession();
      const event = await at.growing();
      const answer = fetch(`${at.server.url}${at.path}/${event.id}?${how}`);
      await expect.poll(() => at.server.log.followers(at.id)).toBe(1);
      await at.server.http().delete(`/sessions/${at.id}`).expect(204);
      const response = await answer;
      expect(response.status).toBe(how.startsWith('sse') ? 200 : 404);
      await response.text();
    },
  );

  it.each(['wait_for_data=soon', 'sse=maybe', 'wait_for_completion='])('refuses %s', async (query) => {
    await using at = await withSession();
    const { id } = await at.server.say(at.id, 'hello');
    const { body } = await at.server.http().get(`${at.path}/${id}?${query}`).expect(422);
    expect(body.code).toBe('INVALID_REQUEST');
  });
});

describe('PATCH /sessions/{id}/events/{event_id}', () => {
  it('sets and then unsets metadata, and answers the whole event', async () => {
    await using at = await withSession();
    const event = await at.server.say(at.id, 'hello');
    const patch = (body: object) => at.server.http().patch(`${at.path}/${event.id}`).send(body);
    const first = await patch({ metadata: { set: { a: 1, b: { c: [null] } } }, ignored: true }).expect(200);
    expect(first.body).toEqual({ ...event, metadata: { a: 1, b: { c: [null] } } });
    const second = await patch({ metadata: { set: { d: 2 }, unset: ['a', 'd', 'never'] } }).expect(200);
    expect(second.body.metadata).toEqual({ b: { c: [null] } });
    for (const body of [{}, { metadata: null }, { metadata: {} }, { metadata: { set: null, unset: null } }])
      expect((await patch(body).expect(200)).body).toEqual(second.body);
  });

  it('is refused for a customer, for what is missing or deleted, and for what does not fit', async () => {
    await using at = await withSession();
    const event = await at.server.say(at.id, 'hello');
    const one = `${at.path}/${event.id}`;
    await at.server.http('ann').patch(one).send({}).expect(403);
    await at.server.http().patch(`${at.path}/none`).send({}).expect(404);
    for (const metadata of [1, [], { set: [] }, { unset: 'a' }, { unset: [1] }])
      await at.server.http().patch(one).send({ metadata }).expect(422);
    await at.server.log.remove(at.id, 0);
    await at.server
      .http()
      .patch(one)
      .send({ metadata: { set: { a: 1 } } })
      .expect(404);
    expect(await at.server.log.find(at.id, event.id)).toMatchObject({ metadata: {} });
  });
});

describe('DELETE /sessions/{id}/events', () => {
  it('cuts the session off where a turn begins, for its customer too', async () => {
    await using at = await withSession();
    await at.server.say(at.id, 'one');
    await expect.poll(async () => (await at.server.log.read(at.id)).length).toBe(5);
    await at.server.say(at.id, 'two');
    await expect.poll(async () => (await at.server.log.read(at.id)).length).toBe(10);
    const cut = (query: string, user?: string) => at.server.http(user).delete(`${at.path}${query}`);
    const { body } = await cut('?min_offset=6').expect(422);
    expect(body).toMatchObject({ code: 'MID_TURN', detail: expect.stringContaining('offset 5') });
    expect((await cut('?min_offset=5', 'ann').expect(204)).text).toBe('');
    await cut('?min_offset=5').expect(204);
    expect(await at.server.log.read(at.id)).toHaveLength(5);
    await cut('?min_offset=-1').expect(204);
    expect(await at.server.log.read(at.id)).toEqual([]);
    expect((await at.server.say(at.id, 'three')).offset).toBe(10);
  });

  it('gives up the turn whose message is deleted; the text can be sent again', async () => {
    const { agent, turns } = createHeldAgent();
    await using at = await withSession({ agents: [agent] });
    await at.server.say(at.id, 'one');
    await expect.poll(() => turns.length).toBe(1);
    await at.server.http().delete(`${at.path}?min_offset=0`).expect(204);
    expect(turns[0]?.turn.signal.aborted).toBe(true);
    const again = await at.server.say(at.id, 'one');
    await expect.poll(() => turns.length).toBe(2);
    expect((await at.server.log.read(at.id))[0]).toEqual(again);
  });

  it.each(['', '?min_offset=', '?min_offset=x', '?min_offset=1.5'])('refuses "%s"', async (query) => {
    await using at = await withSession();
    const { body } = await at.server.http().delete(`${at.path}${query}`).expect(422);
    expect(body.detail).toMatchObject([{ loc: ['query', 'min_offset'] }]);
  });
});

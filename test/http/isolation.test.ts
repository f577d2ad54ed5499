import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';

/** What each method of each route takes, so that only the session is wrong. */
const bodies: Readonly<Record<string, object>> = {
  'patch /sessions/{session_id}': { title: 'stolen' },
  'post /sessions/{session_id}/events': { kind: 'message', source: 'customer', message: 'stolen' },
};

type Methods = Record<string, Record<string, { readonly parameters?: readonly { readonly name: string }[] }>>;

/** Every route about a session, as the document lists them: a new one is tested without a word here. */
async function sessionRoutes(): Promise<readonly (readonly [method: string, path: string])[]> {
  await using server = await startServer();
  const paths = (await server.http().get('/openapi.json')).body.paths as Methods; // as the document is
  return Object.entries(paths)
    .filter(([path]) => path.includes('{session_id}'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method, path] as const));
}

const routes = await sessionRoutes();

describe("another customer's session", () => {
  it('is asked for on every route about a session', () => {
    expect(routes.length).toBeGreaterThanOrEqual(9);
  });

  it.each(routes)('is not found: %s %s, to the letter as one that does not exist', async (method, path) => {
    await using server = await startServer();
    const id = await server.session('bob');
    await server.log.append(id, [{ kind: 'custom', source: 'system', trace_id: 't', data: { secret: 1 } }]);
    const before = { session: await server.sessions.get(id), events: await server.log.read(id) };

    const ask = async (sessionId: string, accept: string) => {
      const response = await fetch(server.url + path.replace('{session_id}', sessionId), {
        method: method.toUpperCase(),
        headers: { 'x-user-id': 'ann', accept, 'content-type': 'application/json', 'idempotency-key': 'k' },
        ...(method === 'get' || method === 'delete'
          ? {}
          : { body: JSON.stringify(bodies[`${method} ${path}`] ?? {}) }),
      });
      return { status: response.status, text: (await response.text()).replaceAll(sessionId, '…') };
    };

    for (const accept of ['application/json', 'text/event-stream']) {
      const foreign = await ask(id, accept);
      expect(foreign.status).toBe(404);
      expect(foreign).toEqual(await ask('nowhere', accept));
    }
    expect({ session: await server.sessions.get(id), events: await server.log.read(id) }).toEqual(before);
    expect(server.log.followers(id)).toBe(0);
  });

  it('is not found through a bad request either: what is wrong with it is not told', async () => {
    await using server = await startServer();
    const id = await server.session('bob');
    const post = await server.http('ann').post(`/sessions/${id}/events`).send({ kind: 'nonsense' });
    const get = await server.http('ann').get(`/sessions/${id}/events?min_offset=x`);
    expect([post.status, get.status]).toEqual([404, 404]);
  });

  it.each(['application/json', 'text/event-stream'])(
    'cannot be talked to through /api/chat (%s)',
    async (accept) => {
      await using server = await startServer();
      const id = await server.session('bob');
      const { body } = await server
        .http('ann')
        .post('/api/chat')
        .set('Accept', accept)
        .send({ message: 'hi', session_id: id })
        .expect(404);
      expect(body.code).toBe('SESSION_NOT_FOUND');
      expect(await server.log.read(id)).toEqual([]);
    },
  );

  it('is not answered from another customer’s Idempotency-Key', async () => {
    await using server = await startServer();
    const chat = (user: string) =>
      server.http(user).post('/api/chat').set('Idempotency-Key', 'same').send({ message: 'hi' });
    const [ann, bob] = [await chat('ann'), await chat('bob')];
    expect(bob.body.session_id).not.toBe(ann.body.session_id);
  });

  it('ends the streams of its old owner when an operator gives it to somebody else', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const events = `${server.url}/sessions/${id}/events`;
    const stream = await fetch(`${events}?user=ann`, { headers: { accept: 'text/event-stream' } });
    const poll = fetch(`${events}?user=ann`);
    await expect.poll(() => server.log.followers(id)).toBe(2);
    await server.http().patch(`/sessions/${id}`).send({ customer_id: 'bob' }).expect(200);
    await server.log.append(id, [{ kind: 'custom', source: 'system', trace_id: 't', data: { secret: 1 } }]);
    expect(await stream.text()).not.toContain('secret');
    expect((await poll).status).toBe(404);
  });
});

describe('operators only', () => {
  it.each([['/metrics'], ['/logs']])('a customer gets 403 from %s', async (path) => {
    await using server = await startServer();
    expect((await server.http('ann').get(path).expect(403)).body.code).toBe('OPERATOR_ONLY');
  });
});

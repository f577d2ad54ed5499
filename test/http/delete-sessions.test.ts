import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';

/** Three sessions: two of Ann, one of Bob. */
async function start() {
  const server = await startServer();
  const ids = [await server.session('ann'), await server.session('ann'), await server.session('bob')];
  const left = async () => {
    const { items } = await server.sessions.list({});
    return items.map(({ id }) => ids.indexOf(id));
  };
  return { server, ids, left, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('DELETE /sessions', () => {
  it.each([
    ['', []],
    ['?customer_id=ann', [2]],
    ['?agent_id=echo', []],
    ['?agent_id=other', [0, 1, 2]],
    ['?agent_id=echo&customer_id=bob', [0, 1]],
  ])('with "%s" deletes what matches', async (query, left) => {
    await using at = await start();
    expect((await at.server.http().delete(`/sessions${query}`).expect(204)).text).toBe('');
    expect(await at.left()).toEqual(left);
  });

  it('deletes a customer their own, and nobody else’s', async () => {
    await using at = await start();
    await at.server.http('ann').delete('/sessions?customer_id=bob').expect(204);
    expect(await at.left()).toEqual([0, 1, 2]);
    await at.server.http('ann').delete('/sessions').expect(204);
    expect(await at.left()).toEqual([2]);
  });

  it('deletes more than one page of them, with their events', async () => {
    await using at = await start();
    await at.server.say(at.ids[0] ?? '', 'hello');
    await Promise.all(Array.from({ length: 600 }, () => at.server.session('many')));
    await at.server.http().delete('/sessions').expect(204);
    expect(await at.left()).toEqual([]);
    await at.server.http().get(`/sessions/${at.ids[0]}/events?wait_for_data=0`).expect(404);
  });

  it('refuses a repeated filter', async () => {
    await using at = await start();
    await at.server.http().delete('/sessions?agent_id=a&agent_id=b').expect(422);
    expect(await at.left()).toEqual([0, 1, 2]);
  });
});

describe('an address that ends with a slash', () => {
  it('leads to the one without, in Parlant’s API', async () => {
    await using at = await start();
    const answer = await at.server.http().get('/sessions/?limit=1').redirects(0).expect(307);
    expect(answer.headers['location']).toBe('/sessions?limit=1');
    const posted = await fetch(`${at.server.url}/sessions/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ agent_id: 'echo' }),
    });
    expect(posted.status).toBe(201);
  });

  it('never leads to another server', async () => {
    await using at = await start();
    for (const path of ['//elsewhere.example/', '/sessions/..//elsewhere.example/', '//sessions/']) {
      const { status, headers } = await fetch(`${at.server.url}${path}`, { redirect: 'manual' });
      expect([status, new URL(headers.get('location') ?? '/', at.server.url).origin]).toEqual([
        status,
        at.server.url,
      ]);
    }
  });
});

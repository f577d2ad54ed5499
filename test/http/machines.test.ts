import { describe, expect, it } from 'vitest';
import type { Chart } from '../../src/charts/chart.ts';
import { hasFinalReady, openStream } from '../support/event-stream.ts';
import { startServer } from '../support/server.ts';

describe('GET /api/machines', () => {
  it('lists the statecharts by name', async () => {
    await using server = await startServer();
    const { body } = await server.http('ann').get('/api/machines').expect(200);
    expect(body).toContainEqual({ name: 'session', id: 'session.v1', description: expect.any(String) });
    expect(body).toContainEqual(expect.objectContaining({ name: 'engine-cycle' }));
  });

  it.each(['/api/machines', '/api/machines/session/layout'])(
    'is for anybody, as %s holds no data: also without a token',
    async (path) => {
      await using server = await startServer({ settings: { auth: 'jwt', jwtSecret: 's'.repeat(32) } });
      expect((await server.http().get(path)).status).toBe(200);
      expect((await server.http().get('/sessions')).status).toBe(401);
    },
  );
});

describe('GET /api/machines/{name}/layout', () => {
  it('answers a picture of which nothing but drawing is left', async () => {
    await using server = await startServer();
    const { body } = await server.http().get('/api/machines/session/layout').expect(200);
    const chart = body as Chart; // looked at below
    expect(chart).toMatchObject({ name: 'session', id: 'session.v1', size: { width: expect.any(Number) } });
    expect(chart.nodes.find(({ key }) => key === 'processing')).toEqual({
      id: 'session.v1.POLLING.turn.responding.processing',
      key: 'processing',
      parentId: 'responding',
      type: 'atomic',
      description: 'The agent works on the answer.',
      tags: [],
      initial: null,
      x: expect.any(Number),
      y: expect.any(Number),
      width: expect.any(Number),
      height: expect.any(Number),
    });
    expect(chart.edges.find(({ id }) => id === 'session.v1.POLLING:0:0')).toMatchObject({
      source: 'session.v1.POLLING',
      target: 'stopped',
      event: 'session.stop',
      label: 'session.stop',
      guard: null,
      internal: false,
    });
  });

  it('names transitions as the `state` frames of a session do', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    await using stream = await openStream(`${server.url}/sessions/${id}/events`);
    await server.say(id, 'hello');
    await stream.until(hasFinalReady);
    await server.sessions.stop(id);
    const frames = await stream.until((all) => JSON.stringify(all).includes('session.stop'));
    const { body } = await server.http().get('/api/machines/session/layout');
    const edges = new Map((body as Chart).edges.map((edge) => [edge.id, edge]));
    const moves = frames.flatMap(({ event, data }) => {
      const { transition } = data as { transition: { id: string; event: string } | null };
      return event === 'state' && transition ? [transition] : [];
    });
    expect(moves.length).toBeGreaterThanOrEqual(4);
    for (const move of moves) expect(edges.get(move.id)?.event).toBe(move.event);
  });

  it('is sent once: who has it gets a 304', async () => {
    await using server = await startServer();
    const address = '/api/machines/session/layout';
    const first = await server.http().get(address).expect(200).expect('Cache-Control', 'no-cache');
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    await server.http().get(address).set('If-None-Match', etag).expect(304);
    await server.http().get(address).set('If-None-Match', '"another"').expect(200);
  });

  it.each(['nothing', '%2e%2e%2fpackage', 'session.machine.ts', '__proto__', 'x'.repeat(300)])(
    'is a 404 for a machine that is not there: %s',
    async (name) => {
      await using server = await startServer();
      const { body } = await server
        .http()
        .get(`/api/machines/${name}/layout`)
        .expect(404)
        .expect('Content-Type', /problem\+json/);
      expect(body.code).toBe('MACHINE_NOT_FOUND');
    },
  );
});

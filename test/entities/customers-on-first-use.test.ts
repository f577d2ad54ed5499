import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

const customersOf = async (server: TestServer) =>
  (await server.entities.customers.list()).items.map(({ id, name }) => [id, name]);

describe('a customer nobody has created', () => {
  it('is one with the first session, however it is named', async () => {
    await using server = await startServer();
    await server.http().post('/sessions').send({ agent_id: 'echo', customer_id: 'by operator' }).expect(201);
    await server.http('by header').post('/sessions').send({ agent_id: 'echo' }).expect(201);
    await server.http('by chat').post('/api/chat').send({ message: 'hi' }).expect(200);
    const { body } = await server.http().post('/sessions').send({ agent_id: 'echo' }).expect(201);
    await server.http().patch(`/sessions/${body.id}`).send({ customer_id: 'by reassignment' }).expect(200);
    await server.agentService.createTalkSession('by program');
    expect(await customersOf(server)).toEqual([
      ['guest', 'Guest'],
      ['by operator', 'by operator'],
      ['by header', 'by header'],
      ['by chat', 'by chat'],
      ['by reassignment', 'by reassignment'],
      ['by program', 'by program'],
    ]);
  });

  it('is one only, also with many first sessions at once, and keeps what was said of it', async () => {
    await using server = await startServer();
    const create = () => server.http('ann').post('/sessions').send({ agent_id: 'echo' }).expect(201);
    await Promise.all(Array.from({ length: 20 }, create));
    await server.entities.customers.update('ann', { name: 'Ann B.' });
    await create();
    expect(await customersOf(server)).toEqual([
      ['guest', 'Guest'],
      ['ann', 'Ann B.'],
    ]);
  });

  it('may have a long id: the name is as much of it as a name holds', async () => {
    await using server = await startServer();
    const id = '🙂'.repeat(99) + 'ab';
    await server.session(id);
    expect(await customersOf(server)).toEqual([
      ['guest', 'Guest'],
      [id, id.slice(0, -1)],
    ]);
    await server
      .http()
      .patch(`/customers/${encodeURIComponent(id)}`)
      .send({ name: 'short' })
      .expect(200);
  });

  it('is none through a request that is refused, or only reads', async () => {
    await using server = await startServer();
    const id = await server.session();
    const refused = [
      await server.http('a').post('/sessions').send({ agent_id: 'nobody' }),
      await server.http('b').post('/sessions').send({ agent_id: 'echo', id }),
      await server.http().patch('/sessions/nowhere').send({ customer_id: 'c' }),
      await server.http().patch(`/sessions/${id}`).send({ customer_id: 'd', agent_id: 'nobody' }),
      await server.http('e').get(`/sessions/${id}`),
      await server.http('f').post('/api/chat').send({ message: 'hi', intent: 'nobody' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 409, 404, 404, 404, 404]);
    await server.http('g').get('/sessions').expect(200);
    expect(await customersOf(server)).toEqual([['guest', 'Guest']]);
  });
});

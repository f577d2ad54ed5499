import { describe, expect, it } from 'vitest';
import { expectRefusal, startWithClient } from '../support/parlant-client.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);
const refund = {
  title: 'Refund 💸',
  description: 'Gives money back',
  signals: ['I want my money back', '返金'],
};

describe('capabilities, with the official client', () => {
  it('are created, read, listed, changed and deleted', async () => {
    await using at = await startWithClient();
    const { capabilities } = at.client;
    const made = await capabilities.create(refund);
    expect(made).toEqual({ id: anId, ...refund, tags: [] });
    const other = await capabilities.create({ title: 'Nothing', description: '', signals: [] });
    expect(await capabilities.retrieve(made.id)).toEqual(made);
    expect(await capabilities.list()).toEqual([made, other]);
    const changed = await capabilities.update(made.id, { title: 'Return', signals: ['take it back'] });
    expect(changed).toEqual({ ...made, title: 'Return', signals: ['take it back'] });
    expect(await capabilities.update(made.id, {})).toEqual(changed);
    await capabilities.delete(made.id);
    await expectRefusal(capabilities.retrieve(made.id), 404, 'CAPABILITY_NOT_FOUND');
    await expectRefusal(capabilities.delete(made.id), 404, 'CAPABILITY_NOT_FOUND');
    await expectRefusal(capabilities.update(made.id, { title: 'x' }), 404, 'CAPABILITY_NOT_FOUND');
    expect(await capabilities.list()).toEqual([other]);
  });

  it('lose their description and signals where nothing is given in their place, and keep them where null is', async () => {
    await using at = await startWithClient();
    const { id } = await at.client.capabilities.create(refund);
    const patch = (body: object) => at.server.http().patch(`/capabilities/${id}`).send(body).expect(200);
    const unchanged = await patch({ title: null, description: null, signals: null, tags: null });
    expect(unchanged.body).toEqual({ id, ...refund, tags: [] });
    const emptied = await patch({ description: '', signals: [] });
    expect(emptied.body).toEqual({ id, title: refund.title, description: '', signals: [], tags: [] });
  });

  it('belong to tags and agents, are listed by them, and never become everybody’s when those are deleted', async () => {
    await using at = await startWithClient();
    const { agents, capabilities, tags } = at.client;
    const [red, agent] = [await tags.create({ name: 'red' }), await agents.create({ name: 'A' })];
    const ofAgent = `agent:${agent.id}`;
    await capabilities.create({ ...refund, title: 'free' });
    const bound = await capabilities.create({ ...refund, tags: [red.id, red.id] });
    expect(bound.tags).toEqual([red.id]);
    expect((await capabilities.update(bound.id, { tags: { add: [ofAgent] } })).tags).toEqual([
      red.id,
      ofAgent,
    ]);
    const listed = async (tagId: string) => (await capabilities.list({ tagId })).map(({ id }) => id);
    expect([await listed(red.id), await listed(ofAgent), await listed('none')]).toEqual([
      [bound.id],
      [bound.id],
      [],
    ]);
    await tags.delete(red.id);
    expect((await capabilities.retrieve(bound.id)).tags).toEqual([ofAgent]);
    await agents.delete(agent.id);
    expect((await capabilities.retrieve(bound.id)).tags).not.toEqual([]);
  });

  it('are not changed in part by a request that is refused', async () => {
    await using at = await startWithClient();
    const { capabilities, tags } = at.client;
    const tag = await tags.create({ name: 'tag' });
    const made = await capabilities.create(refund);
    for (const unknown of ['none', 'agent:none', 'journey:none', 'guideline:any', '__preamble__']) {
      const change = { title: 'x', signals: [], tags: { add: [tag.id, unknown] } };
      await expectRefusal(capabilities.update(made.id, change), 404, 'TAG_NOT_FOUND');
      await expectRefusal(capabilities.create({ ...refund, tags: [unknown] }), 404, 'TAG_NOT_FOUND');
    }
    const removal = { title: 'x', tags: { add: [tag.id], remove: ['agent:echo'] } };
    await expectRefusal(capabilities.update(made.id, removal), 404, 'TAG_NOT_ATTACHED');
    expect(await capabilities.list()).toEqual([made]);
  });
});

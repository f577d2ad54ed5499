import { ParlantError } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { expectRefusal, startWithClient, type ParlantClient } from '../support/parlant-client.ts';

const anId = expect.stringMatching(/^[0-9A-Za-z]{10}$/);

describe('glossary terms, with the official client', () => {
  it('are created, read, listed, changed and deleted', async () => {
    await using at = await startWithClient();
    const { glossary } = at.client;
    const made = await glossary.createTerm({ name: 'Gas', description: 'Ether’s transaction fee' });
    expect(made).toEqual({
      id: anId,
      name: 'Gas',
      description: 'Ether’s transaction fee',
      synonyms: [],
      tags: [],
    });
    const other = await glossary.createTerm({
      id: 'token/№ 1',
      name: '代币 🪙',
      description: '',
      synonyms: ['coin', 'токен'],
    });
    expect(other).toEqual({
      id: 'token/№ 1',
      name: '代币 🪙',
      description: '',
      synonyms: ['coin', 'токен'],
      tags: [],
    });
    expect(await glossary.retrieveTerm(other.id)).toEqual(other);
    expect(await glossary.listTerms()).toEqual([made, other]);
    const changed = await glossary.updateTerm(made.id, {
      name: 'Fee',
      description: 'What it costs',
      synonyms: ['gas'],
    });
    expect(changed).toEqual({ ...made, name: 'Fee', description: 'What it costs', synonyms: ['gas'] });
    expect(await glossary.updateTerm(made.id, {})).toEqual(changed);
    await glossary.deleteTerm(made.id);
    await expectRefusal(glossary.retrieveTerm(made.id), 404, 'TERM_NOT_FOUND');
    await expectRefusal(glossary.deleteTerm(made.id), 404, 'TERM_NOT_FOUND');
    await expectRefusal(glossary.updateTerm(made.id, { name: 'x' }), 404, 'TERM_NOT_FOUND');
    expect(await glossary.listTerms()).toEqual([other]);
  });

  it('lose their description and synonyms where nothing is given in their place, and keep them where null is', async () => {
    await using at = await startWithClient();
    const { id } = await at.client.glossary.createTerm({ name: 'a', description: 'b', synonyms: ['c'] });
    const patch = (body: object) => at.server.http().patch(`/terms/${id}`).send(body).expect(200);
    const unchanged = await patch({ name: null, description: null, synonyms: null, tags: null });
    expect(unchanged.body).toMatchObject({ name: 'a', description: 'b', synonyms: ['c'] });
    const emptied = await patch({ description: '', synonyms: [] });
    expect(emptied.body).toMatchObject({ name: 'a', description: '', synonyms: [] });
  });

  it('have an id of their own, made of their content or chosen once', async () => {
    await using one = await startWithClient();
    await using other = await startWithClient();
    const make = async ({ glossary }: ParlantClient) => [
      (await glossary.createTerm({ name: 'Same', description: '' })).id,
      (await glossary.createTerm({ name: 'Same', description: '' })).id,
    ];
    const ids = await make(one.client);
    expect(new Set(ids).size).toBe(2);
    expect(await make(other.client)).toEqual(ids);
    const again = one.client.glossary.createTerm({ id: ids[0]!, name: 'Other', description: '' });
    await expectRefusal(again, 422, 'ID_TAKEN');
    expect((await one.client.glossary.listTerms()).map(({ name }) => name)).toEqual(['Same', 'Same']);
  });

  it('belong to tags and agents, are listed by them, and never become everybody’s when those are deleted', async () => {
    await using at = await startWithClient();
    const { agents, glossary, tags } = at.client;
    const [red, agent] = [await tags.create({ name: 'red' }), await agents.create({ name: 'A' })];
    const ofAgent = `agent:${agent.id}`;
    const free = await glossary.createTerm({ name: 'free', description: '' });
    const bound = await glossary.createTerm({ name: 'bound', description: '', tags: [red.id, red.id] });
    expect(bound.tags).toEqual([red.id]);
    const both = await glossary.updateTerm(bound.id, { tags: { add: [ofAgent, 'agent:echo'] } });
    expect(both.tags).toEqual([red.id, ofAgent, 'agent:echo']);
    const listed = async (tagId: string) => (await glossary.listTerms({ tagId })).map(({ id }) => id);
    expect([await listed(red.id), await listed(ofAgent), await listed('none')]).toEqual([
      [bound.id],
      [bound.id],
      [],
    ]);
    await glossary.updateTerm(bound.id, { tags: { remove: ['agent:echo'] } });
    await agents.delete(agent.id);
    expect((await glossary.retrieveTerm(bound.id)).tags).toEqual([red.id]);
    await tags.delete(red.id);
    expect((await glossary.retrieveTerm(bound.id)).tags).not.toEqual([]);
    expect((await glossary.retrieveTerm(free.id)).tags).toEqual([]);
  });

  it('are not changed in part by a request that is refused', async () => {
    await using at = await startWithClient();
    const { glossary, tags } = at.client;
    const tag = await tags.create({ name: 'tag' });
    const term = await glossary.createTerm({ name: 'a', description: 'b', synonyms: ['c'] });
    for (const unknown of ['none', 'agent:none', 'journey:any', 'guideline:any', '__preamble__', tag.name]) {
      const change = { name: 'x', synonyms: [], tags: { add: [tag.id, unknown] } };
      await expectRefusal(glossary.updateTerm(term.id, change), 404, 'TAG_NOT_FOUND');
      const created = glossary.createTerm({ name: 'x', description: 'y', tags: [tag.id, unknown] });
      await expectRefusal(created, 404, 'TAG_NOT_FOUND');
    }
    const removal = { name: 'x', tags: { add: [tag.id], remove: ['agent:echo'] } };
    await expectRefusal(glossary.updateTerm(term.id, removal), 404, 'TAG_NOT_ATTACHED');
    expect(await glossary.listTerms()).toEqual([term]);
  });

  it('are not all deleted by an id that an address cannot have', async () => {
    await using at = await startWithClient();
    const { glossary } = at.client;
    const term = await glossary.createTerm({ name: 'a', description: 'b' });
    for (const id of ['..', '.', '']) {
      await expect(glossary.deleteTerm(id)).rejects.toThrow(ParlantError);
    }
    expect(await glossary.listTerms()).toEqual([term]);
  });
});

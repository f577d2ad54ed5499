import { Parlant } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import type { AnyCollection, Collection } from '../../src/documents/collection.ts';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import { agentCollection } from '../../src/entities/collections/agent.ts';
import { cannedResponseCollection, preambleTag } from '../../src/entities/collections/canned-response.ts';
import { capabilityCollection } from '../../src/entities/collections/capability.ts';
import { contextVariableCollection } from '../../src/entities/collections/context-variable.ts';
import { customerCollection } from '../../src/entities/collections/customer.ts';
import { guidelineCollection, guidelineDefaults } from '../../src/entities/collections/guideline.ts';
import { journeyCollection } from '../../src/entities/collections/journey.ts';
import { termCollection } from '../../src/entities/collections/term.ts';
import { removeGuideline } from '../../src/entities/removal.ts';
import { detachTag } from '../../src/entities/tag-rules.ts';
import { openEntityDocuments } from '../support/entity-documents.ts';
import { startWithClient } from '../support/parlant-client.ts';
import { createToolService } from '../support/tool-service.ts';

type Tagged = { readonly tags: readonly string[] };

/** Documents of which nothing counts but their tags. */
async function insertTagged(documents: DocumentStore, collection: AnyCollection, tags: readonly string[]) {
  const { id } = await documents.insert(collection as Collection<Tagged>, tags.join(' '), { tags });
  return async () => (await documents.get(collection as Collection<Tagged>, id))?.tags;
}

describe('a tag that is gone', () => {
  it.each([
    guidelineCollection,
    journeyCollection,
    termCollection,
    contextVariableCollection,
    capabilityCollection,
    cannedResponseCollection,
  ] as readonly AnyCollection[])(
    'stays on a $noun that would be everybody’s without it',
    async (collection) => {
      await using at = await openEntityDocuments();
      const { documents } = at;
      const alone = await insertTagged(documents, collection, ['vip']);
      const preamble = await insertTagged(documents, collection, ['vip', preambleTag]);
      const both = await insertTagged(documents, collection, ['vip', 'agent:a']);
      const other = await insertTagged(documents, collection, ['agent:a']);
      const all = await insertTagged(documents, collection, []);
      await documents.transaction((tx) => detachTag(tx, 'vip'));
      const tags = await Promise.all([alone(), preamble(), both(), other(), all()]);
      expect(tags).toEqual([['vip'], ['vip', preambleTag], ['agent:a'], ['agent:a'], []]);
      await documents.transaction((tx) => detachTag(tx, 'agent:a'));
      expect([await both(), await other()]).toEqual([['agent:a'], ['agent:a']]);
    },
  );

  it.each([agentCollection, customerCollection] as readonly AnyCollection[])(
    'is taken off every $noun',
    async (collection) => {
      await using at = await openEntityDocuments();
      const alone = await insertTagged(at.documents, collection, ['vip']);
      const both = await insertTagged(at.documents, collection, ['vip', 'agent:a']);
      await at.documents.transaction((tx) => detachTag(tx, 'vip'));
      expect([await alone(), await both()]).toEqual([[], ['agent:a']]);
    },
  );

  it('takes its relationships with it, and is back with its name', async () => {
    await using at = await startWithClient();
    const { tags, guidelines, relationships } = at.client;
    const vip = await tags.create({ name: 'vip' });
    const gold = await tags.create({ name: 'gold' });
    const { id } = await guidelines.create({ condition: 'only for some', tags: [vip.id] });
    const { Priority } = Parlant.RelationshipKindDto;
    await relationships.create({ sourceTag: vip.id, targetTag: gold.id, kind: Priority });
    const kept = await relationships.create({ sourceTag: gold.id, targetGuideline: id, kind: Priority });
    await tags.delete(vip.id);
    expect(await relationships.list()).toEqual([
      { ...kept, targetGuideline: expect.objectContaining({ id }) },
    ]);
    expect((await guidelines.retrieve(id)).guideline.tags).toEqual([vip.id]);
    expect(await tags.create({ name: 'vip' })).toEqual(vip);
    expect((await guidelines.list({ tagId: vip.id })).map((each) => each.id)).toEqual([id]);
  });
});

describe('an agent that is gone', () => {
  it('leaves nothing to one that is made just like it', async () => {
    await using at = await startWithClient();
    const { agents, guidelines } = at.client;
    const first = await agents.create({ name: 'Short-lived' });
    await guidelines.create({ condition: 'own', tags: [`agent:${first.id}`] });
    await agents.delete(first.id);
    const second = await agents.create({ name: 'Short-lived' });
    expect(second.id).not.toBe(first.id);
    expect(await guidelines.list({ tagId: `agent:${second.id}` })).toEqual([]);
    await agents.delete(second.id);
    expect(await agents.create({ name: 'Short-lived' })).toEqual(second);
  });

  it('leaves what only it knew to nobody', async () => {
    await using at = await startWithClient();
    const { agents, guidelines, customers, relationships, glossary } = at.client;
    const agent = await agents.create({ name: 'Short-lived' });
    const tag = `agent:${agent.id}`;
    const own = await guidelines.create({ condition: 'own', tags: [tag] });
    const shared = await guidelines.create({ condition: 'shared', tags: [tag, 'agent:echo'] });
    const term = await glossary.createTerm({ name: 'Secret', description: 'x', tags: [tag] });
    const customer = await customers.create({ name: 'Ann', tags: [tag] });
    await relationships.create({
      sourceGuideline: shared.id,
      targetTag: tag,
      kind: Parlant.RelationshipKindDto.Dependency,
    });
    await agents.delete(agent.id);
    const tagsOf = async (id: string) => (await guidelines.retrieve(id)).guideline.tags;
    expect([await tagsOf(own.id), await tagsOf(shared.id)]).toEqual([[tag], ['agent:echo']]);
    expect((await glossary.retrieveTerm(term.id)).tags).toEqual([tag]);
    expect((await customers.retrieve(customer.id)).tags).toEqual([]);
    expect(await relationships.list()).toEqual([]);
    const freed = await guidelines.update(own.id, { tags: { remove: [tag] } });
    expect(freed.guideline.tags).toEqual([]);
  });
});

describe('a guideline that is gone', () => {
  it('takes its relationships, tools and place among triggers with it', async () => {
    await using at = await startWithClient({ services: new Map([['shop', createToolService('prices')]]) });
    const { guidelines, journeys, relationships } = at.client;
    const journey = await journeys.create({
      title: 'J',
      description: '',
      conditions: ['they buy', 'they look'],
    });
    const [gone = '', left = ''] = journey.conditions;
    const { Entailment, Priority } = Parlant.RelationshipKindDto;
    await relationships.create({ sourceGuideline: gone, targetGuideline: left, kind: Entailment });
    await relationships.create({ sourceGuideline: left, targetGuideline: gone, kind: Priority });
    const tool = { serviceName: 'shop', toolName: 'prices' };
    await guidelines.update(gone, { toolAssociations: { add: [tool] } });
    await guidelines.delete(gone);
    expect(await relationships.list()).toEqual([]);
    expect((await journeys.retrieve(journey.id)).conditions).toEqual([left]);
    await guidelines.create({ id: gone, condition: 'the same id again' });
    expect(await guidelines.retrieve(gone)).toMatchObject({ relationships: [], toolAssociations: [] });
    await guidelines.delete(left);
    expect((await journeys.retrieve(journey.id)).conditions).toEqual([]);
  });

  it('is taken off the canned responses that are not for it alone', async () => {
    await using at = await openEntityDocuments();
    const { documents } = at;
    await documents.insert(guidelineCollection, 'g1', { ...guidelineDefaults, condition: 'c' });
    const alone = await insertTagged(documents, cannedResponseCollection, ['guideline:g1']);
    const both = await insertTagged(documents, cannedResponseCollection, ['guideline:g1', 'agent:a']);
    expect(await documents.transaction((tx) => removeGuideline(tx, 'g1'))).toBe(true);
    expect([await alone(), await both()]).toEqual([['guideline:g1'], ['agent:a']]);
    expect(await documents.transaction((tx) => removeGuideline(tx, 'g1'))).toBe(false);
  });
});

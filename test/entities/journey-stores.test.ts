import { describe, expect, it } from 'vitest';
import { cannedResponseCollection } from '../../src/entities/collections/canned-response.ts';
import {
  guidelineCollection,
  guidelineDefaults,
  toolAssociationCollection,
} from '../../src/entities/collections/guideline.ts';
import {
  journeyEdgeCollection,
  journeyNodeCollection,
  journeyNodeTag,
  journeyTag,
  type Journey,
} from '../../src/entities/collections/journey.ts';
import { relationshipCollection, type RelationshipEnd } from '../../src/entities/collections/relationship.ts';
import { journeyText } from '../../src/entities/journey-graph.ts';
import { ToolNotFoundError } from '../../src/errors.ts';
import { openJourneys, type JourneyStores } from './journey-stores.ts';

const refund = { title: 'Refund', description: 'Money goes back' };

/** A guideline of somebody's own. */
const insertGuideline = ({ documents }: JourneyStores, id: string, tags: readonly string[] = []) =>
  documents.insert(guidelineCollection, id, { ...guidelineDefaults, condition: id, action: 'act', tags });

const relate = ({ documents }: JourneyStores, id: string, source: RelationshipEnd, target: RelationshipEnd) =>
  documents.insert(relationshipCollection, id, { kind: 'dependency', source, target, groupId: null });

const tagEnd = (id: string): RelationshipEnd => ({ type: 'tag_all', id });
const guidelineEnd = (id: string): RelationshipEnd => ({ type: 'guideline', id });

describe('a journey that is created', () => {
  it('has the node where it begins, and a guideline with its tag for each condition', async () => {
    await using at = await openJourneys();
    const journey = await at.journeys.create({ ...refund, conditions: ['wants money back', 'is unhappy'] });
    const { nodes, edges } = await at.journeys.graph(journey.id);
    expect([nodes.map(({ id }) => id), edges]).toEqual([[journey.rootId], []]);
    const triggers = (await at.documents.find(guidelineCollection)).items;
    expect(triggers.map(({ id }) => id)).toEqual(journey.triggers);
    expect(triggers.map(({ id: _, creationUtc: __, ...fields }) => fields)).toEqual([
      { ...guidelineDefaults, condition: 'wants money back', tags: [journeyTag(journey.id)] },
      { ...guidelineDefaults, condition: 'is unhappy', tags: [journeyTag(journey.id)] },
    ]);
  });

  it('has ids made of its content, also when the content is the same', async () => {
    await using one = await openJourneys();
    await using other = await openJourneys();
    const make = async ({ journeys }: JourneyStores) => {
      const made = [await journeys.create(refund), await journeys.create(refund)];
      return made.flatMap(({ id, rootId }) => [id, rootId]);
    };
    const ids = await make(one);
    expect(new Set(ids).size).toBe(4);
    expect(await make(other)).toEqual(ids);
  });

  it('under an id that is taken, or with a tag that is not there, leaves nothing behind', async () => {
    await using at = await openJourneys();
    await at.journeys.create({ ...refund, id: 'taken' });
    const before = await at.everything();
    const conditions = ['a', 'b'];
    await expect(at.journeys.create({ ...refund, id: 'taken', conditions })).rejects.toThrow(
      'The journey "taken" exists already.',
    );
    await expect(at.journeys.create({ ...refund, tags: ['none'], conditions })).rejects.toThrow(
      'There is no tag "none".',
    );
    expect(await at.everything()).toEqual(before);
  });
});

describe('the triggers of a journey', () => {
  it('get its tag, and lose it again when they have another', async () => {
    await using at = await openJourneys();
    const { id, triggers } = await at.journeys.create({ ...refund, conditions: ['a'] });
    await insertGuideline(at, 'own', ['agent:echo']);
    const added = await at.journeys.update(id, { triggers: { add: ['own', 'own', ...triggers] } });
    expect(added.triggers).toEqual([...triggers, 'own']);
    const tagsOf = async () => (await at.documents.get(guidelineCollection, 'own'))?.tags;
    expect(await tagsOf()).toEqual(['agent:echo', journeyTag(id)]);
    expect((await at.journeys.update(id, { triggers: { remove: ['own'] } })).triggers).toEqual(triggers);
    expect(await tagsOf()).toEqual(['agent:echo']);
  });

  it('are removed with their place when they were there for the journey alone', async () => {
    await using at = await openJourneys();
    const { id, triggers } = await at.journeys.create({ ...refund, conditions: ['a', 'b'] });
    const [gone = '', stays = ''] = triggers;
    await relate(at, 'of gone', guidelineEnd(gone), guidelineEnd(stays));
    await at.journeys.update(id, { triggers: { remove: [gone] } });
    const { guidelines = [], relationships } = await at.everything();
    expect([guidelines.map((each) => each.id), relationships]).toEqual([[stays], undefined]);
  });

  it('stay, tagged, when they say what to do or another journey needs them: nobody else is to see them', async () => {
    await using at = await openJourneys();
    const { id, triggers } = await at.journeys.create({ ...refund, conditions: ['shared'] });
    const shared = triggers[0] ?? '';
    await insertGuideline(at, 'own');
    await at.journeys.update(id, { triggers: { add: ['own'] } });
    const other = await at.journeys.create({ title: 'Other', description: '' });
    await at.journeys.update(other.id, { triggers: { add: [shared] } });
    await at.journeys.update(id, { triggers: { remove: ['own', shared] } });
    const tagsOf = async (guidelineId: string) =>
      (await at.documents.get(guidelineCollection, guidelineId))?.tags;
    expect([await tagsOf('own'), await tagsOf(shared)]).toEqual([[journeyTag(id)], [journeyTag(other.id)]]);
  });

  it('that are not there change nothing', async () => {
    await using at = await openJourneys();
    const { id } = await at.journeys.create({ ...refund, conditions: ['a'] });
    await insertGuideline(at, 'own');
    const before = await at.everything();
    const change = { title: 'Changed', labels: { upsert: ['new'] } };
    await expect(at.journeys.update(id, { ...change, triggers: { add: ['own', 'none'] } })).rejects.toThrow(
      'There is no guideline "none".',
    );
    await expect(at.journeys.update(id, { ...change, triggers: { remove: ['own'] } })).rejects.toThrow(
      'the guideline "own" does not trigger it',
    );
    expect(await at.everything()).toEqual(before);
  });
});

describe('a node', () => {
  it('takes the mode of its journey unless it has its own, and keeps it', async () => {
    await using at = await openJourneys();
    const { id, rootId } = await at.journeys.create({ ...refund, compositionMode: 'strict_canned' });
    await at.nodes.create(id, { action: 'a' });
    await at.nodes.create(id, { action: 'b', compositionMode: 'fluid' });
    await at.journeys.update(id, { compositionMode: 'canned_fluid' });
    await at.nodes.create(id, { action: 'c' });
    const modes = (await at.nodes.list(id)).map(({ compositionMode }) => compositionMode);
    expect(modes).toEqual(['strict_canned', 'strict_canned', 'fluid', 'canned_fluid']);
    expect((await at.nodes.update(id, rootId, { compositionMode: null })).compositionMode).toBeNull();
  });

  it('is matched again after each of its tools, as long as they are its tools', async () => {
    await using at = await openJourneys();
    const { id } = await at.journeys.create(refund);
    const tools = ['shop:search', 'shop:buy', 'shop:search'];
    const node = await at.nodes.create(id, { tools });
    const tag = journeyNodeTag(node.id);
    expect(node.tools).toEqual(['shop:search', 'shop:buy']);
    expect(await at.reevaluations()).toEqual([
      [tag, 'shop:search'],
      [tag, 'shop:buy'],
    ]);
    await at.nodes.update(id, node.id, { tools: ['bank:pay', 'shop:buy'] });
    expect(await at.reevaluations()).toEqual([
      [tag, 'shop:buy'],
      [tag, 'bank:pay'],
    ]);
    await at.nodes.update(id, node.id, { action: 'still' });
    expect(await at.reevaluations()).toHaveLength(2);
    await at.nodes.update(id, node.id, { tools: [] });
    expect(await at.reevaluations()).toEqual([]);
  });

  it('with a tool that is not there is not stored, and no node is changed to have one', async () => {
    await using at = await openJourneys();
    const { id, rootId } = await at.journeys.create(refund);
    const before = await at.everything();
    const tools = ['shop:search', 'shop:steal'];
    await expect(at.nodes.create(id, { tools })).rejects.toThrow(new ToolNotFoundError('shop:steal'));
    await expect(at.nodes.update(id, rootId, { action: 'changed', tools })).rejects.toThrow(
      new ToolNotFoundError('shop:steal'),
    );
    expect(await at.everything()).toEqual(before);
  });

  it('takes with it its edges and all that names it, and nothing else', async () => {
    await using at = await openJourneys();
    const { id, rootId } = await at.journeys.create(refund);
    const stays = await at.nodes.create(id, { action: 'stays' });
    await at.edges.create(id, { source: rootId, target: stays.id, condition: 'x' });
    const response = { value: 'v', fields: [], signals: [], metadata: {}, fieldDependencies: [] };
    await at.documents.insert(cannedResponseCollection, 'r', { ...response, tags: [journeyTag(id)] });
    await relate(at, 'stays', guidelineEnd('g'), tagEnd(journeyNodeTag(stays.id)));
    const before = await at.everything();

    const gone = await at.nodes.create(id, { action: 'gone', tools: ['shop:buy'] });
    await at.edges.create(id, { source: rootId, target: gone.id, condition: 'y' });
    await at.edges.create(id, { source: gone.id, target: stays.id });
    await at.documents.update(cannedResponseCollection, 'r', ({ tags, ...rest }) => ({
      ...rest,
      tags: [...tags, journeyNodeTag(gone.id)],
    }));
    await relate(at, 'to', guidelineEnd('g'), tagEnd(journeyNodeTag(gone.id)));
    await relate(at, 'from', tagEnd(journeyNodeTag(gone.id)), guidelineEnd('g'));
    await at.nodes.delete(id, gone.id);
    expect(await at.everything()).toEqual(before);
  });
});

describe('a journey that is deleted', () => {
  it('takes with it all that hangs on it, and nothing else', async () => {
    await using at = await openJourneys();
    const other = await at.journeys.create({ title: 'Other', description: '', conditions: ['other'] });
    await at.nodes.create(other.id, { action: 'other', tools: ['shop:buy'] });
    await insertGuideline(at, 'own', ['agent:echo']);
    await relate(at, 'stays', tagEnd(journeyTag(other.id)), guidelineEnd('own'));
    const before = await at.everything();

    const { id, rootId, triggers } = await at.journeys.create({ ...refund, conditions: ['a', 'b'] });
    const node = await at.nodes.create(id, { tools: ['shop:search'] });
    await at.edges.create(id, { source: rootId, target: node.id });
    await at.edges.create(id, { source: node.id, target: 'end' });
    await relate(at, '1', tagEnd(journeyTag(id)), guidelineEnd('own'));
    await relate(at, '2', guidelineEnd('own'), tagEnd(journeyTag(id)));
    await relate(at, '3', guidelineEnd('own'), tagEnd(journeyNodeTag(rootId)));
    await relate(at, '4', guidelineEnd(triggers[0] ?? ''), guidelineEnd('own'));
    await at.documents.insert(toolAssociationCollection, 'association', {
      guidelineId: triggers[1] ?? '',
      toolId: 'shop:buy',
    });
    await at.documents.update(guidelineCollection, 'own', ({ tags, ...rest }) => ({
      ...rest,
      tags: [...tags, journeyTag(id)],
    }));
    await at.journeys.delete(id);
    expect(await at.everything()).toEqual(before);
  });

  it('leaves the triggers of others to them', async () => {
    await using at = await openJourneys();
    const { id, triggers } = await at.journeys.create({ ...refund, conditions: ['shared', 'mine'] });
    const other = await at.journeys.create({ title: 'Other', description: '' });
    await at.journeys.update(other.id, { triggers: { add: [triggers[0] ?? ''] } });
    await at.journeys.delete(id);
    const { items } = await at.documents.find(guidelineCollection);
    expect(items).toMatchObject([{ id: triggers[0], condition: 'shared', tags: [journeyTag(other.id)] }]);
  });

  it('makes nothing known to all that was known in it', async () => {
    await using at = await openJourneys();
    const { id } = await at.journeys.create(refund);
    await insertGuideline(at, 'only here', [journeyTag(id)]);
    await at.journeys.delete(id);
    expect(await at.documents.get(guidelineCollection, 'only here')).toMatchObject({
      tags: [journeyTag(id)],
    });
  });
});

describe('what a journey is known by', () => {
  it('is all that is said in it, and changes with its graph', async () => {
    await using at = await openJourneys();
    const { id, rootId } = await at.journeys.create(refund);
    const text = async () => journeyText(await at.journeys.graph(id));
    expect(await text()).toBe('Refund\nMoney goes back');
    const ask = await at.nodes.create(id, { action: 'Ask for the receipt', description: 'Background' });
    const edge = await at.edges.create(id, { source: rootId, target: ask.id, condition: 'It was paid' });
    expect(await text()).toBe('Refund\nMoney goes back\nAsk for the receipt\nIt was paid');
    await at.nodes.update(id, ask.id, { action: 'Ask for the number' });
    await at.edges.delete(id, edge.id);
    expect(await text()).toBe('Refund\nMoney goes back\nAsk for the number');
  });
});

describe('a journey of 10,000 steps', () => {
  it('is read, changed and deleted like any other', async () => {
    await using at = await openJourneys();
    const journey = await at.journeys.create(refund);
    const { id, rootId } = journey;
    const steps = await insertSteps(at, journey, 10_000);
    const more = await at.nodes.create(id, { action: 'one more' });
    const last = steps.at(-1) ?? '';
    await at.edges.create(id, { source: last, target: more.id });
    await expect(at.edges.create(id, { source: last, target: rootId })).rejects.toThrow(/and 1 more/);
    const graph = await at.journeys.graph(id);
    expect([graph.nodes.length, graph.edges.length]).toEqual([10_002, 10_001]);
    await at.nodes.delete(id, steps[5_000] ?? '');
    expect((await at.edges.list(id)).length).toBe(9_999);
    await at.journeys.delete(id);
    expect(await at.everything()).toEqual({});
  });
});

/** One behind the other, from the root on; resolves with their ids. */
function insertSteps({ documents }: JourneyStores, { id: journeyId, rootId }: Journey, count: number) {
  const ids = Array.from({ length: count }, (_, n) => `step ${n}`);
  const rest = { journeyId, metadata: {} };
  const node = { ...rest, description: null, tools: [], labels: [], compositionMode: null };
  return documents.transaction(async (tx) => {
    for (const [n, id] of ids.entries()) {
      await tx.insert(journeyNodeCollection, id, { ...node, action: id });
      const source = ids[n - 1] ?? rootId;
      await tx.insert(journeyEdgeCollection, id, { ...rest, source, target: id, condition: null });
    }
    return ids;
  });
}

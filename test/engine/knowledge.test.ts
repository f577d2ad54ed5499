import { describe, expect, it } from 'vitest';
import type { AgentKnowledge } from '../../src/engine/agent-knowledge.ts';
import { openKnowledge, type Knowledge } from '../../src/engine/knowledge.ts';
import type { AgentRecord } from '../../src/entities/agents.ts';
import type { Entities } from '../../src/entities/entities.ts';
import { openKnownEntities } from '../support/known-entities.ts';

describe('what an agent knows', () => {
  it('is what carries its tag, a tag it has itself, or none: of every kind', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    const { id: cards } = await entities.tags.create({ name: 'cards' });
    const { id: loans } = await entities.tags.create({ name: 'loans' });
    await entities.agents.update('ann', { tags: { add: [cards] } });
    const kinds: Readonly<Record<string, (name: string, tags: readonly string[]) => Promise<unknown>>> = {
      guidelines: (id, tags) => entities.guidelines.create({ id, condition: id, tags }),
      journeys: (id, tags) => entities.journeys.create({ id, title: id, description: id, tags }),
      terms: (id, tags) => entities.terms.create({ id, name: id, description: id, tags }),
      variables: (id, tags) => entities.contextVariables.create({ id, name: id, tags }),
      capabilities: (id, tags) => entities.capabilities.create({ id, title: id, description: id, tags }),
      cannedResponses: (id, tags) => entities.cannedResponses.create({ id, value: id, tags }),
    };
    for (const create of Object.values(kinds)) {
      await create('own', ['agent:ann']);
      await create('of a shared tag', [cards]);
      await create('of another tag', [loans]);
      await create('of another agent', ['agent:bob']);
      await create('of both', ['agent:bob', 'agent:ann']);
      await create('everybody’s', []);
    }
    const known = ann() as unknown as Record<string, readonly { id: string }[]>; // the kinds above
    for (const kind of Object.keys(kinds)) {
      const ids = known[kind]?.map(({ id }) => id);
      expect([kind, ids]).toEqual([kind, ['own', 'of a shared tag', 'of both', 'everybody’s']]);
    }
  });

  it('does not hold what is disabled', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await entities.guidelines.create({ id: 'g', condition: 'c', enabled: false });
    expect(idsOf(ann().guidelines)).toEqual([]);
    await entities.guidelines.update('g', { enabled: true });
    expect(idsOf(ann().guidelines)).toEqual(['g']);
  });

  it('says which tools a guideline may run, and which a step', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await entities.guidelines.create({ id: 'g', condition: 'c' });
    await entities.guidelines.update('g', { tools: { add: ['shop:search', 'shop:buy'] } });
    const { rootId } = await entities.journeys.create({ id: 'j', title: 'j', description: 'd' });
    await entities.journeyNodes.create('j', { id: 'n', tools: ['shop:buy'] });
    const { id: edge } = await entities.journeyEdges.create('j', { source: rootId, target: 'n' });
    expect([...ann().toolsOf]).toEqual([
      ['g', ['shop:search', 'shop:buy']],
      [`journey_node:n:${edge}`, ['shop:buy']],
    ]);
    await entities.guidelines.update('g', { tools: { remove: ['shop:search', 'shop:buy'] } });
    expect(ann().toolsOf.has('g')).toBe(false);
  });

  it('says what follows from what; a step with tools is looked at again when they were', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    for (const id of ['a', 'b']) await entities.guidelines.create({ id, condition: id });
    const source = { type: 'guideline', id: 'a' } as const;
    const target = { type: 'guideline', id: 'b' } as const;
    await entities.relationships.create({ kind: 'priority', source, target });
    await entities.journeys.create({ id: 'j', title: 'j', description: 'd' });
    await entities.journeyNodes.create('j', { id: 'n', tools: ['shop:buy'] });
    const { relationships } = ann();
    expect(relationships.from('priority', source)).toMatchObject([{ target }]);
    expect(relationships.to('reevaluation', { type: 'tool', id: 'shop:buy' })).toMatchObject([
      { source: { id: 'journey_node:n' } },
    ]);
  });

  it('has its canned responses by what they are for', async () => {
    await using world = await openWorld();
    const { entities, ann, bob } = world;
    await entities.guidelines.create({ id: 'mine', condition: 'c', tags: ['agent:ann'] });
    await entities.guidelines.create({ id: 'his', condition: 'c', tags: ['agent:bob'] });
    await bookingJourney(entities, ['agent:ann']);
    for (const tag of ['guideline:mine', 'guideline:his', 'journey:booking', 'journey_node:ask'])
      await entities.cannedResponses.create({ id: tag, value: 'v', tags: [tag] });
    expect(idsOf(ann().cannedResponses)).toEqual(['guideline:mine', 'journey:booking', 'journey_node:ask']);
    expect(idsOf(bob().cannedResponses)).toEqual(['guideline:his']);
  });
});

describe('a journey', () => {
  it('is known with what begins it and with its steps, the root first', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    const { rootId, triggers } = await bookingJourney(entities, []);
    const { journeys, guidelines } = ann();
    expect(journeys).toMatchObject([
      { id: 'booking', title: 'Book', description: 'how to book', triggers, labels: ['sales'] },
    ]);
    const [root, ask] = journeys[0]?.steps ?? [];
    expect(root).toMatchObject({ id: `journey_node:${rootId}`, journeyNode: { index: '1' } });
    expect(ask).toMatchObject({ action: 'ask when', condition: 'a doctor is chosen' });
    expect(idsOf(guidelines)).toEqual([...triggers, root?.id, ask?.id]);
  });

  it('that nothing begins has steps that are not looked at', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    const { triggers } = await bookingJourney(entities, []);
    await entities.journeys.update('booking', { triggers: { remove: [...triggers] } });
    expect(ann().guidelines).toEqual([]);
    expect(ann().journeys[0]?.steps).toHaveLength(2);
  });

  it('of another agent is unknown, with all that belongs to it', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await bookingJourney(entities, ['agent:bob']);
    expect([ann().journeys, ann().guidelines]).toEqual([[], []]);
  });

  it('that is deleted takes all that belongs to it along', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await bookingJourney(entities, []);
    await entities.journeyNodes.update('booking', 'ask', { tools: ['shop:buy'] });
    expect(ann().toolsOf.size).toBe(1);
    await entities.journeys.delete('booking');
    expect([ann().journeys, ann().guidelines, [...ann().toolsOf]]).toEqual([[], [], []]);
  });
});

describe('as long as nothing changes', () => {
  it('the same knowledge is told, to each agent its own', async () => {
    await using world = await openWorld();
    const { entities, ann, bob } = world;
    await bookingJourney(entities, []);
    expect(ann()).toBe(ann());
    expect(bob()).toBe(bob());
    expect(bob()).not.toBe(ann());
    await entities.customers.create({ name: 'Carl', metadata: {} });
    expect(ann()).toBe(ann());
  });

  it('what was given to a turn stays as it was', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await entities.terms.create({ id: 't', name: 'IBAN', description: 'd' });
    const before = ann();
    await entities.terms.update('t', { name: 'BIC' });
    expect(before.terms.map(({ name }) => name)).toEqual(['IBAN']);
    expect(ann().terms.map(({ name }) => name)).toEqual(['BIC']);
  });

  it('a part stays the very same when another one changes', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await bookingJourney(entities, []);
    const before = ann();
    await entities.terms.create({ name: 'IBAN', description: 'd' });
    const { terms: _, ...kept } = before;
    const after = ann();
    const replaced = Object.keys(kept).filter(
      (part) => part in after && after[part as Part] !== before[part as Part],
    ); // of both
    expect(replaced).toEqual([]);
  });

  it('what another agent learns changes nothing', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await bookingJourney(entities, []);
    const before = ann();
    await entities.guidelines.create({ condition: 'c', tags: ['agent:bob'] });
    await entities.terms.create({ name: 'IBAN', description: 'd', tags: ['agent:bob'] });
    expect(ann()).toBe(before);
  });

  it('a journey stays the very same when another one changes, and its steps with it', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    await bookingJourney(entities, []);
    await entities.journeys.create({ id: 'other', title: 'Other', description: 'd' });
    const [booking, other] = ann().journeys;
    await entities.journeyNodes.create('other', { id: 'n', action: 'a' });
    expect(ann().journeys[0]).toBe(booking);
    expect(ann().journeys[1]).not.toBe(other);
  });

  it('what an agent is known by counts when it changes', async () => {
    await using world = await openWorld();
    const { entities, ann } = world;
    const { id: cards } = await entities.tags.create({ name: 'cards' });
    await entities.guidelines.create({ id: 'g', condition: 'c', tags: [cards] });
    expect(idsOf(ann().guidelines)).toEqual([]);
    await entities.agents.update('ann', { tags: { add: [cards] } });
    expect(idsOf(ann().guidelines)).toEqual(['g']);
    await entities.agents.update('ann', { tags: { remove: [cards] } });
    expect(idsOf(ann().guidelines)).toEqual([]);
  });
});

it('what is known is what is on disk: opened anew it is the same', async () => {
  await using world = await openWorld();
  const { entities, ann, documents } = world;
  const { rootId } = await bookingJourney(entities, []);
  ann();
  await entities.guidelines.create({ id: 'g', condition: 'c', action: 'a', tags: ['agent:ann'] });
  await entities.guidelines.update('g', { tools: { add: ['shop:buy'] }, action: 'b' });
  ann();
  await entities.journeyNodes.create('booking', { id: 'confirm', action: 'confirm', tools: ['shop:buy'] });
  await entities.journeyEdges.create('booking', { source: 'ask', target: 'confirm' });
  ann();
  await entities.journeyNodes.delete('booking', 'ask');
  await entities.journeyEdges.create('booking', { source: rootId, target: 'confirm' });
  await entities.terms.create({ name: 'IBAN', description: 'd' });
  const anew = await openKnowledge({ documents });
  expect(shownOf(ann())).toEqual(shownOf(anew.of({ id: 'ann', tags: [] })));
  anew.close();
});

it('what is changed in one transaction is known all at once', async () => {
  await using world = await openWorld();
  const { entities, documents, knowledge } = world;
  const seen: unknown[] = [];
  documents.onCommitted(() => {
    const { journeys, guidelines } = knowledge.of({ id: 'ann', tags: [] });
    seen.push([journeys.length, guidelines.length]);
  });
  await entities.journeys.create({ title: 'j', description: 'd', conditions: ['a', 'b'] });
  expect(seen).toEqual([[1, 3]]);
});

it('once closed it knows what it knew', async () => {
  await using world = await openWorld();
  const { entities, ann, knowledge } = world;
  await entities.terms.create({ name: 'IBAN', description: 'd' });
  knowledge.close();
  await entities.terms.create({ name: 'BIC', description: 'd' });
  expect(ann().terms.map(({ name }) => name)).toEqual(['IBAN']);
});

/** `ann` and `bob` know nothing yet. */
async function openWorld() {
  const opened = await openKnownEntities();
  const { documents, entities } = opened;
  const knowledge: Knowledge = await openKnowledge({ documents });
  for (const id of ['ann', 'bob']) await entities.agents.create({ id, name: id });
  const of = (agentId: string) => (): AgentKnowledge =>
    knowledge.of(entities.agents.get(agentId) as AgentRecord); // made above
  return {
    documents,
    entities,
    knowledge,
    ann: of('ann'),
    bob: of('bob'),
    async [Symbol.asyncDispose]() {
      knowledge.close();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** From the root to the step `ask`. */
async function bookingJourney(entities: Entities, tags: readonly string[]) {
  const journey = await entities.journeys.create({
    id: 'booking',
    title: 'Book',
    description: 'how to book',
    conditions: ['the customer wants an appointment'],
    labels: ['sales'],
    tags,
  });
  await entities.journeyNodes.create('booking', { id: 'ask', action: 'ask when' });
  const edge = { source: journey.rootId, target: 'ask', condition: 'a doctor is chosen' };
  await entities.journeyEdges.create('booking', edge);
  return journey;
}

type Part = keyof AgentKnowledge;

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id);
}

function shownOf({ relationships, ...knowledge }: AgentKnowledge) {
  const { guidelines } = knowledge;
  const ends = guidelines.map(({ id }) => ({ type: 'guideline', id }) as const);
  return {
    ...knowledge,
    reevaluated: relationships.to('reevaluation', { type: 'tool', id: 'shop:buy' }),
    priorities: ends.map((end) => relationships.from('priority', end)),
  };
}

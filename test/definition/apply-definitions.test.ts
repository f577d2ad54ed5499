import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentCollection } from '../../src/entities/collections/agent.ts';
import { cannedResponseCollection } from '../../src/entities/collections/canned-response.ts';
import { contextValueCollection } from '../../src/entities/collections/context-variable.ts';
import { customerCollection } from '../../src/entities/collections/customer.ts';
import { guidelineCollection, guidelineDefaults } from '../../src/entities/collections/guideline.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
} from '../../src/entities/collections/journey.ts';
import { relationshipCollection } from '../../src/entities/collections/relationship.ts';
import { tagCollection } from '../../src/entities/collections/tag.ts';
import { createContextValues } from '../../src/entities/context-values.ts';
import { createJourneyEdges } from '../../src/entities/journey-edges.ts';
import { putRelationship } from '../../src/entities/relationship-rules.ts';
import { createTags } from '../../src/entities/tags.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { define, openStore } from './support.ts';

const findSlots = tool({ name: 'find_slots', parameters: z.object({ day: z.string() }), handler: () => [] });

/** One of everything. */
function writeClinic(server: DefinedServer, { urgent = 'Send them to the emergency room' } = {}) {
  const regular = server.createTag('regular');
  const ann = server.createCustomer({ id: 'ann', name: 'Ann', tags: [regular], metadata: { plan: 'gold' } });
  const agent = server.createAgent({ id: 'clinic', name: 'Clinic', tags: [regular] });
  agent.createTerm({ name: 'referral', description: 'A letter from a doctor' });
  agent.createCapability({ title: 'Book', description: 'Books appointments', signals: ['I need a doctor'] });
  const plan = agent.createVariable({ name: 'plan', tool: findSlots, freshnessRules: '0 3 * * *' });
  plan.setValue(ann, { plan: 'gold' });
  plan.setValue('default', { plan: 'none' });
  const hours = agent.createCannedResponse({ template: 'We are open from 8 to 6.' });
  agent.createGuideline({
    condition: 'asks for office hours',
    action: 'Tell them',
    cannedResponses: [hours],
    metadata: { topic: 'hours' },
  });
  const emergency = agent.createGuideline({ condition: 'it is urgent', action: urgent, criticality: 'high' });
  const journey = agent.createJourney({ title: 'Book', description: 'Books', conditions: ['wants to book'] });
  const ask = journey.initialState.transitionTo({ chatState: 'Ask for the day' });
  const find = ask.target.transitionTo({ toolState: findSlots });
  find.target.transitionTo({ condition: 'there is a slot', chatState: 'Offer it' });
  find.target.transitionTo({ condition: 'there is none', state: END_JOURNEY });
  journey.createGuideline({ condition: 'asks for the price', action: 'Say it is free' });
  emergency.prioritizeOver(journey);
}

describe('storing a definition', () => {
  it('stores everything in one commit', async () => {
    await using store = await openStore();
    const definition = define(writeClinic);
    const [changes] = await store.apply(definition);
    expect(changes).toEqual({
      source: 'program',
      inserted: definition.documents.length,
      updated: 0,
      deleted: 0,
    });
    expect(store.commits).toEqual([definition.documents.length + 1]);
  });

  it('writes nothing when the same program runs again', async () => {
    await using store = await openStore();
    await store.apply(define(writeClinic));
    const before = await store.everything();
    store.commits.length = 0;
    const [changes] = await store.apply(define(writeClinic));
    expect(changes).toEqual({ source: 'program', inserted: 0, updated: 0, deleted: 0 });
    expect(store.commits).toEqual([]);
    expect(await store.everything()).toEqual(before);
  });

  it('updates what was edited in place, and nothing else', async () => {
    await using store = await openStore();
    await store.apply(define(writeClinic));
    const before = (await store.documents.find(guidelineCollection)).items;
    store.commits.length = 0;
    const [changes] = await store.apply(define((server) => writeClinic(server, { urgent: 'Call 112' })));
    expect(changes).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
    expect(store.commits).toEqual([1]);
    const after = (await store.documents.find(guidelineCollection)).items;
    expect(after).toEqual(
      before.map((each) => (each.condition === 'it is urgent' ? { ...each, action: 'Call 112' } : each)),
    );
  });

  it('deletes what is gone from the program, with all that names it, and leaves what operators made', async () => {
    await using store = await openStore();
    const { documents } = store;
    await documents.insert(guidelineCollection, 'operators', { ...guidelineDefaults, condition: 'theirs' });
    await store.apply(define(writeClinic));
    const [journey] = (await documents.find(journeyCollection)).items;
    await documents.transaction((tx) =>
      putRelationship(tx, {
        kind: 'dependency',
        source: { type: 'guideline', id: 'operators' },
        target: { type: 'tag_all', id: `journey:${journey?.id}` },
        groupId: null,
      }),
    );
    await store.apply(define((server) => void server.createAgent({ id: 'clinic', name: 'Clinic' })));
    const { definitions, customers, ...left } = await store.everything();
    expect(Object.values(left).flat()).toMatchObject([{ id: 'clinic', tags: [] }, { id: 'operators' }]);
    expect(customers).toMatchObject([{ id: 'guest' }]);
    expect(definitions).toMatchObject([{ id: 'program', owned: { agents: { clinic: null } } }]);
  });

  it('keeps nothing of a source that defines nothing', async () => {
    await using store = await openStore();
    const before = await store.everything();
    await store.apply(define(writeClinic));
    await store.apply(define(() => {}));
    expect(await store.everything()).toEqual(before);
  });

  it('makes again what an operator has deleted', async () => {
    await using store = await openStore();
    await store.apply(define(writeClinic));
    const count = (await store.documents.find(guidelineCollection)).items.length;
    const [first] = (await store.documents.find(guidelineCollection)).items;
    await store.documents.delete(guidelineCollection, first?.id ?? '');
    await store.apply(define(writeClinic));
    expect((await store.documents.find(guidelineCollection)).items).toHaveLength(count);
  });

  it('keeps the metadata that others have added, and takes back its own', async () => {
    await using store = await openStore();
    const { documents } = store;
    const write = (metadata: Record<string, string>) =>
      define((server) => {
        const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
        agent.createGuideline({ id: 'hours', condition: 'asks for office hours', metadata });
      });
    await store.apply(write({ topic: 'hours', owner: 'desk' }));
    await documents.update(guidelineCollection, 'hours', (guideline) => ({
      ...guideline,
      metadata: { ...guideline.metadata, continuous: true, owner: 'night desk' },
    }));
    await store.apply(write({ topic: 'opening' }));
    const guideline = await documents.get(guidelineCollection, 'hours');
    expect(guideline?.metadata).toEqual({ topic: 'opening', continuous: true });
  });

  it('leaves a value alone that was changed since, until the program says another', async () => {
    await using store = await openStore();
    const { documents } = store;
    const write = (plan: string) =>
      define((server) => {
        const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
        agent.createVariable({ id: 'plan', name: 'plan' }).setValue('default', { plan });
      });
    const value = async () => (await documents.find(contextValueCollection)).items[0]?.data;
    await store.apply(write('none'));
    await createContextValues({ documents }).put({
      variableId: 'plan',
      key: 'DEFAULT',
      data: { plan: 'silver' },
    });
    await store.apply(write('none'));
    expect(await value()).toEqual({ plan: 'silver' });
    await store.apply(write('gold'));
    expect(await value()).toEqual({ plan: 'gold' });
    expect((await documents.find(contextValueCollection)).totalCount).toBe(1);
  });

  it('keeps the order of a state’s exits, also when one of them has to be made again', async () => {
    await using store = await openStore();
    const { documents } = store;
    const definition = define((server) => {
      const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
      const journey = agent.createJourney({ id: 'book', title: 'Book', description: 'Books' });
      for (const condition of ['first', 'second', 'third']) {
        journey.initialState.transitionTo({ condition, chatState: condition });
      }
    });
    await store.apply(definition);
    const edges = createJourneyEdges({ documents });
    const [first] = await edges.list('book');
    await edges.delete('book', first?.id ?? '');
    await store.apply(definition);
    const conditions = (await edges.list('book')).map(({ condition }) => condition);
    expect(conditions).toEqual(['first', 'second', 'third']);
  });

  it('keeps the states of a journey when what they say is edited', async () => {
    await using store = await openStore();
    const write = (ask: string) =>
      define((server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const journey = agent.createJourney({ title: 'Book', description: 'Books', conditions: ['books'] });
        const { target } = journey.initialState.transitionTo({ chatState: ask });
        target.transitionTo({ chatState: 'Confirm' });
      });
    const ids = async () => (await store.documents.find(journeyNodeCollection)).items.map(({ id }) => id);
    await store.apply(write('Ask for the day'));
    const before = await ids();
    const [changes] = await store.apply(write('Ask for the day and the hour'));
    expect(changes).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
    expect(await ids()).toEqual(before);
  });

  it('of 10,000 guidelines is one commit, and again none', async () => {
    await using store = await openStore();
    const write = () =>
      define((server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        for (let n = 0; n < 10_000; n++) agent.createGuideline({ condition: `case ${n}`, action: `do ${n}` });
      });
    await store.apply(write());
    await store.apply(write());
    expect(store.commits).toEqual([10_002]);
    expect((await store.documents.find(guidelineCollection, { limit: 0 })).totalCount).toBe(10_000);
  });
});

describe('who owns what', () => {
  const agentOf = (source: string, id: string) =>
    define((server) => void server.createAgent({ id, name: `Agent ${id}` }), { source });

  it('lets several sources live side by side, each deleting only its own', async () => {
    await using store = await openStore();
    await store.apply(agentOf('day', 'a'), agentOf('night', 'b'));
    await store.apply(agentOf('day', 'c'));
    const agents = (await store.documents.find(agentCollection)).items;
    expect(agents.map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('refuses an id of another source, and stores nothing', async () => {
    await using store = await openStore();
    await store.apply(agentOf('day', 'a'));
    const before = await store.everything();
    const refused = expect.objectContaining({
      code: 'DEFINITION_INVALID',
      message: 'The agent "Agent a" cannot be defined so: its id "a" is taken, by the definition "day".',
    });
    await expect(store.apply(agentOf('night', 'a'))).rejects.toEqual(refused);
    await expect(store.apply(agentOf('dusk', 'd'), agentOf('night', 'a'))).rejects.toEqual(refused);
    expect(await store.everything()).toEqual(before);
  });

  it('refuses two new definitions that claim the same id', async () => {
    await using store = await openStore();
    await expect(store.apply(agentOf('day', 'a'), agentOf('night', 'a'))).rejects.toThrow(
      'its id "a" is taken, by the definition "night"',
    );
    expect((await store.documents.find(agentCollection)).totalCount).toBe(0);
  });

  it('lets one source take over what another gives up', async () => {
    await using store = await openStore();
    await store.apply(agentOf('day', 'a'));
    const [before] = (await store.documents.find(agentCollection)).items;
    await store.apply(agentOf('day', 'b'), agentOf('night', 'a'));
    const agents = (await store.documents.find(agentCollection)).items;
    expect(agents).toContainEqual(before);
    await store.apply(define(() => {}, { source: 'night' }));
    expect((await store.documents.find(agentCollection)).items.map(({ id }) => id)).toEqual(['b']);
  });

  it('refuses two definitions of one source, and what is no definition', async () => {
    await using store = await openStore();
    await expect(store.apply(agentOf('day', 'a'), agentOf('day', 'b'))).rejects.toThrow(
      /^The definition "day" cannot be defined so: it is there twice; give each server a source/,
    );
    for (const wrong of [undefined, null, 7, {}, { source: 'x' }, [], () => {}]) {
      await expect(store.apply(wrong as never)).rejects.toThrow(
        'each must be what define() of a server returns',
      );
    }
    expect(store.commits).toEqual([]);
  });

  it('refuses two tools of the same name in two definitions', async () => {
    await using store = await openStore();
    const withTool = (source: string) =>
      define(
        (server) => {
          const agent = server.createAgent({ id: source, name: source });
          agent.attachTool({ tool: tool({ name: 'look', handler: () => 1 }), condition: 'asks' });
        },
        { source },
      );
    await expect(store.apply(withTool('day'), withTool('night'))).rejects.toThrow('"local:look"');
    expect(store.commits).toEqual([]);
  });

  it('refuses an id that an operator has used', async () => {
    await using store = await openStore();
    const { documents } = store;
    await documents.insert(guidelineCollection, 'hours', { ...guidelineDefaults, condition: 'theirs' });
    const definition = define((server) => {
      const agent = server.createAgent({ name: 'Clinic' });
      agent.createGuideline({ id: 'hours', condition: 'asks for office hours' });
    });
    const before = await store.everything();
    await expect(store.apply(definition)).rejects.toThrow(
      'The guideline "asks for office hours" cannot be defined so: its id "hours" is taken, by what no program defines.',
    );
    expect(await store.everything()).toEqual(before);
  });

  it('refuses the id of an agent of the configuration', async () => {
    await using store = await openStore();
    const { applyDefinitions } = await import('../../src/definition/apply-definitions.ts');
    const definitions = [agentOf('day', 'echo')];
    const applying = applyDefinitions({
      documents: store.documents,
      definitions,
      configuredAgents: ['echo'],
    });
    await expect(applying).rejects.toThrow('the configuration has an agent of the id "echo"');
  });

  it('takes over customers who have come by themselves, and tags that are there', async () => {
    await using store = await openStore();
    const { documents } = store;
    await documents.insert(customerCollection, 'ann', { name: 'ann', metadata: { seen: 'yes' }, tags: [] });
    const vip = await createTags({ documents }).create({ name: 'vip' });
    await store.apply(
      define((server) => {
        const tag = server.createTag({ id: vip.id, name: 'vip' });
        server.createCustomer({ id: 'ann', name: 'Ann', metadata: { plan: 'gold' }, tags: [tag] });
      }),
    );
    expect(await documents.get(customerCollection, 'ann')).toMatchObject({
      name: 'Ann',
      metadata: { seen: 'yes', plan: 'gold' },
      tags: [vip.id],
    });
  });

  it('lets sources share a tag, and deletes it with the last', async () => {
    await using store = await openStore();
    const { documents } = store;
    const tagged = (source: string) => define((server) => void server.createTag('vip'), { source });
    const nothing = (source: string) => define(() => {}, { source });
    await store.apply(tagged('day'), tagged('night'));
    await store.apply(nothing('day'));
    expect((await documents.find(tagCollection)).items).toMatchObject([{ name: 'vip' }]);
    await store.apply(nothing('night'));
    expect((await documents.find(tagCollection)).totalCount).toBe(0);
  });
});

describe('what operators have added since', () => {
  it('must not close a circle with what the program relates', async () => {
    await using store = await openStore();
    const { documents } = store;
    const write = (isRelated: boolean) =>
      define((server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const first = agent.createGuideline({ id: 'first', condition: 'the first' });
        const second = agent.createGuideline({ id: 'second', condition: 'the second' });
        if (isRelated) first.prioritizeOver(second);
      });
    await store.apply(write(false));
    await documents.transaction((tx) =>
      putRelationship(tx, {
        kind: 'priority',
        source: { type: 'guideline', id: 'second' },
        target: { type: 'guideline', id: 'first' },
        groupId: null,
      }),
    );
    const before = await store.everything();
    await expect(store.apply(write(true))).rejects.toThrow(
      'The guideline "the first" cannot be defined so: with relationships that operators have made, its priority would close a circle.',
    );
    expect(await store.everything()).toEqual(before);
  });

  it('must not break the rules of a journey with what the program adds to it', async () => {
    await using store = await openStore();
    const { documents } = store;
    const write = (isLonger: boolean) =>
      define((server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const journey = agent.createJourney({ id: 'book', title: 'Book', description: 'Books' });
        const { target } = journey.initialState.transitionTo({ chatState: 'Ask for the day' });
        if (isLonger) target.transitionTo({ chatState: 'Confirm' });
      });
    await store.apply(write(false));
    const ask = (await documents.find(journeyNodeCollection)).items.find(({ action }) => action !== null);
    const edge = { journeyId: 'book', source: ask?.id ?? '', target: 'end', condition: null, metadata: {} };
    await documents.insert(journeyEdgeCollection, 'theirs', edge);
    const before = await store.everything();
    await expect(store.apply(write(true))).rejects.toMatchObject({ code: 'JOURNEY_INVALID' });
    expect(await store.everything()).toEqual(before);
  });

  it('is taken over where it says the same: a relationship is its ends', async () => {
    await using store = await openStore();
    const { documents } = store;
    const write = (isRelated: boolean) =>
      define((server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        const first = agent.createGuideline({ id: 'first', condition: 'the first' });
        if (isRelated) first.prioritizeOver(agent.createGuideline({ id: 'second', condition: 'the second' }));
        else agent.createGuideline({ id: 'second', condition: 'the second' });
      });
    await store.apply(write(false));
    const fields = {
      kind: 'priority',
      source: { type: 'guideline', id: 'first' },
      target: { type: 'guideline', id: 'second' },
      groupId: null,
    } as const;
    await documents.transaction((tx) => putRelationship(tx, fields));
    await store.apply(write(true));
    expect((await documents.find(relationshipCollection)).items).toMatchObject([fields]);
  });

  it('stays on canned responses only as far as the program says so', async () => {
    await using store = await openStore();
    const { documents } = store;
    const definition = define((server) => {
      const agent = server.createAgent({ id: 'clinic', name: 'Clinic' });
      agent.createCannedResponse({ id: 'hello', template: 'Hello' });
    });
    await store.apply(definition);
    await documents.update(cannedResponseCollection, 'hello', (fields) => ({ ...fields, tags: [] }));
    await store.apply(definition);
    expect(await documents.get(cannedResponseCollection, 'hello')).toMatchObject({ tags: ['agent:clinic'] });
  });
});

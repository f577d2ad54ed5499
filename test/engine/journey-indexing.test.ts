import { describe, expect, it } from 'vitest';
import { NlpError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { toJourneyGraph } from '../../src/engine/journeys/journey-graph.ts';
import { createReach } from '../../src/engine/journeys/reachable-steps.ts';
import type { QuestionName } from '../../src/nlp/questions/questions.ts';
import type { Script } from '../support/composer.ts';
import { type Indexing, type IndexingOptions, startIndexing } from '../support/indexing.ts';

/** What asks the customer for something, can be passed over when it is known. */
const script: Script = {
  customer_dependence: ({ action }) => ({ isCustomerDependent: action?.startsWith('Ask') ?? false }),
  relative_actions: [
    { actions: [{ index: '3', needsRewriting: true, action: 'Ask for the time of the appointment' }] },
  ],
};

/** root → ask for the day → ask for it → tell the price → end. */
async function startWithJourney(options: IndexingOptions = {}) {
  const at = await startIndexing({ script, ...options });
  const journey = await at.journeys.create({ title: 'Booking', description: '', conditions: ['they book'] });
  const node = async (action: string, more: object = {}) =>
    (await at.nodes.create(journey.id, { action, ...more })).id;
  const [day, time, price] = [await node('Ask for the day'), await node('Ask for it'), await node('Tell it')];
  const edge = (source: string, target: string, condition: string | null = null) =>
    at.edges.create(journey.id, { source, target, condition });
  await edge(journey.rootId, day);
  await edge(day, time, 'the day is known');
  const last = await edge(time, price);
  await at.indexer.idle();
  return { at, journey, day, time, price, node, edge, last };
}

const countOf = ({ nlp }: Indexing, name: QuestionName) =>
  nlp.asked.filter(({ question }) => question === name).length;
const stepOf = (at: Indexing, id: string) => at.metadataOf(id)?.['journey_node'] as JsonObject;

describe('a journey that is written', () => {
  it('is known with who does what in its steps, in words that stand alone, and with when which way is taken', async () => {
    const { at, journey, day, time, price } = await startWithJourney();
    await using _ = at;
    expect(at.metadataOf(time)).toMatchObject({
      internal_action: 'Ask for the time of the appointment',
      customer_dependent_action_data: { is_customer_dependent: true },
    });
    expect(at.metadataOf(price)).not.toHaveProperty('internal_action');
    expect(stepOf(at, day)['reachable_follow_ups']).toEqual([
      { path: ['3'], condition: 'told of 3' },
      { path: ['3', '4'], condition: 'told of 3 4' },
    ]);
    // Ways of one step need no model.
    expect(stepOf(at, time)).not.toHaveProperty('reachable_follow_ups');
    const [known] = at.known().journeys;
    expect(createReach(toJourneyGraph(known?.steps ?? []))('2').map(({ condition }) => condition)).toEqual([
      'told of 3',
      'told of 3 4',
    ]);
    // As they are stored, nothing has changed.
    const { nodes } = await at.journeys.graph(journey.id);
    expect(nodes.map(({ metadata }) => metadata)).toEqual([{}, {}, {}, {}]);
  });

  it('is asked about in the words that were found', async () => {
    const { at } = await startWithJourney();
    await using _ = at;
    const asked = at.nlp.asked.flatMap((each) => (each.question === 'reachable_steps' ? [each] : []));
    const whole = asked.findLast(({ input }) => input.from === '1');
    expect(whole?.temperature).toBe(0.15);
    expect(whole?.input).toMatchObject({
      title: 'Booking',
      from: '1',
      paths: [
        { n: '1', path: ['2'] },
        { n: '2', path: ['2', '3'] },
        { n: '3', path: ['2', '3', '4'] },
      ],
    });
    expect(whole?.input.steps).toContainEqual({
      index: '3',
      action: 'Ask for the time of the appointment',
      followUps: [{ index: '4', condition: null }],
    });
  });

  it('is not asked about again, neither after a restart nor in another journey of the same words', async () => {
    const { at, journey, day } = await startWithJourney();
    await using _ = at;
    const before = at.nlp.asked.length;
    await at.journeys.update(journey.id, { priority: 7, labels: { upsert: ['x'] } });
    await at.indexer.idle();
    expect(at.nlp.asked).toHaveLength(before);
    await at.restart({ script });
    expect(stepOf(at, day)['reachable_follow_ups']).toHaveLength(2);
    await at.indexer.idle();
    expect(at.nlp.asked).toEqual([]);
  });

  it('whose step was changed is asked about that step, and the whole again; until then it is known without', async () => {
    const { at, journey, day, price } = await startWithJourney();
    await using _ = at;
    const before = countOf(at, 'customer_dependence');
    await at.nodes.update(journey.id, price, { action: 'Tell the price' });
    expect(stepOf(at, day)).not.toHaveProperty('reachable_follow_ups');
    await at.indexer.idle();
    expect(stepOf(at, day)['reachable_follow_ups']).toHaveLength(2);
    expect(countOf(at, 'customer_dependence')).toBe(before + 1);
  });

  it('that loses an edge is looked into again', async () => {
    const { at, journey, day, last } = await startWithJourney();
    await using _ = at;
    await at.edges.delete(journey.id, last.id);
    await at.indexer.idle();
    expect(stepOf(at, day)['reachable_follow_ups']).toEqual([
      { path: ['3'], condition: 'told of 3' },
      { path: ['3', 'None'], condition: 'told of 3 None' },
    ]);
  });

  it('keeps what its metadata say already', async () => {
    const { at, journey, day, time } = await startWithJourney();
    await using _ = at;
    const told = [{ condition: 'mine', path: ['3'] }];
    await at.nodes.update(journey.id, day, {
      metadata: { set: { journey_node: { reachable_follow_ups: told, note: 'x' } } },
    });
    await at.nodes.update(journey.id, time, { metadata: { set: { internal_action: 'Ask me' } } });
    await at.indexer.idle();
    expect(stepOf(at, day)).toMatchObject({ reachable_follow_ups: told, note: 'x' });
    expect(at.metadataOf(time)).toMatchObject({ internal_action: 'Ask me' });
  });

  it('with a step that has only tools is given words for it', async () => {
    const { at, journey, price } = await startWithJourney();
    await using _ = at;
    const { id } = await at.nodes.create(journey.id, { tools: ['shop:search'] });
    await at.edges.create(journey.id, { source: price, target: id });
    await at.indexer.idle();
    expect(at.metadataOf(id)).toMatchObject({ internal_action: 'use shop:search', tool_running_only: false });
  });

  it('works with the conditions of its edges where no model answers, and is asked about what is missing later', async () => {
    const failure = new NlpError('scripted', 'nobody answers');
    const { at, day } = await startWithJourney({ script: { ...script, reachable_steps: [failure] } });
    await using _ = at;
    const [known] = at.known().journeys;
    expect(createReach(toJourneyGraph(known?.steps ?? []))('2').map(({ condition }) => condition)).toEqual([
      'this is done: "Ask for the day", and the day is known',
      expect.stringContaining('the day is known'),
    ]);
    await at.restart({ script });
    await at.indexer.idle();
    expect(stepOf(at, day)['reachable_follow_ups']).toHaveLength(2);
    expect(countOf(at, 'relative_actions')).toBe(0);
  });
});

describe('the offline provider', () => {
  it('finds the same in the same words, each time', async () => {
    const { createOfflineNlp } = await import('../../src/nlp/offline/offline-nlp.ts');
    const find = async () => {
      const { at, day, time, price } = await startWithJourney({ nlp: createOfflineNlp() });
      await using _ = at;
      return [day, time, price].map((id) => at.metadataOf(id));
    };
    const found = await find();
    expect(await find()).toEqual(found);
    expect(found[0]).toMatchObject({ customer_dependent_action_data: { is_customer_dependent: true } });
  });

  it('looks into a journey whose first step nothing leads to but its beginning', async () => {
    const { createOfflineNlp } = await import('../../src/nlp/offline/offline-nlp.ts');
    const { at, journey } = await startWithJourney({ nlp: createOfflineNlp() });
    await using _ = at;
    expect(stepOf(at, journey.rootId)['reachable_follow_ups']).toMatchObject([
      { path: ['2'], condition: '' },
      { path: ['2', '3'], condition: expect.stringContaining('the day is known') },
      { path: ['2', '3', '4'] },
    ]);
    expect(at.logged).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { cannedResponseCollection } from '../../src/entities/collections/canned-response.ts';
import { guidelineCollection, toolAssociationCollection } from '../../src/entities/collections/guideline.ts';
import { relationshipCollection } from '../../src/entities/collections/relationship.ts';
import { allOf, anyOf } from '../../src/sdk/tag.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { startWriting } from './support.ts';

const look = tool({ name: 'look', handler: () => 'found' });

describe('a guideline', () => {
  it('is what it was described as, with defaults, and is seen by its agent', () => {
    const { agent, defined } = startWriting();
    agent.createGuideline({ condition: 'asks for office hours', action: 'Tell them' });
    expect(defined(guidelineCollection)).toMatchObject([
      {
        condition: 'asks for office hours',
        action: 'Tell them',
        description: null,
        title: null,
        criticality: 'medium',
        priority: 0,
        enabled: true,
        track: true,
        compositionMode: null,
        labels: [],
        tags: ['agent:clinic'],
        metadata: {},
      },
    ]);
  });

  it('takes everything that can be said of one', () => {
    const { server, agent, defined } = startWriting();
    const tag = server.createTag('front desk');
    agent.createGuideline({
      id: 'hours',
      condition: 'asks for office hours',
      action: 'Tell them',
      description: 'They differ in August',
      title: 'Hours',
      criticality: 'high',
      priority: 3,
      enabled: false,
      track: false,
      compositionMode: 'strict_canned',
      labels: ['hours', 'hours'],
      tags: [tag],
      metadata: { topic: 'hours' },
    });
    expect(defined(guidelineCollection)).toEqual([
      {
        id: 'hours',
        condition: 'asks for office hours',
        action: 'Tell them',
        description: 'They differ in August',
        title: 'Hours',
        criticality: 'high',
        priority: 3,
        enabled: false,
        track: false,
        compositionMode: 'strict_canned',
        labels: ['hours'],
        tags: ['agent:clinic', tag.id],
        metadata: { topic: 'hours' },
      },
    ]);
  });

  it('keeps what it was given, whatever becomes of it', () => {
    const { agent, defined } = startWriting();
    const metadata = { topic: { name: 'hours' } };
    agent.createGuideline({ condition: 'asks', metadata });
    metadata.topic.name = 'something else';
    expect(defined(guidelineCollection)[0]?.metadata).toEqual({ topic: { name: 'hours' } });
  });

  it('is the same in every run; equals are told apart by their order', () => {
    const ids = () => {
      const { agent, defined } = startWriting();
      agent.createGuideline({ condition: 'asks', action: 'one' });
      agent.createGuideline({ condition: 'asks', action: 'two' });
      return defined(guidelineCollection).map(({ id }) => id);
    };
    expect(new Set(ids()).size).toBe(2);
    expect(ids()).toEqual(ids());
  });

  it('brings its tools, and its canned responses, which are then its own', () => {
    const { server, agent, defined } = startWriting();
    const response = server.createCannedResponse({ template: 'From 8 to 6.' });
    const options = { condition: 'asks', tools: [look, 'calendar:find', look], cannedResponses: [response] };
    const { id } = agent.createGuideline(options);
    expect(defined(toolAssociationCollection)).toMatchObject([
      { guidelineId: id, toolId: 'local:look' },
      { guidelineId: id, toolId: 'calendar:find' },
    ]);
    expect(defined(cannedResponseCollection)[0]?.tags).toEqual([`guideline:${id}`]);
    expect(server.define().tools).toEqual([look]);
  });

  it('may be an observation, which has no action; also one that has a tool', () => {
    const { agent, defined } = startWriting();
    const observation = agent.createObservation({ condition: 'is in a hurry' });
    const { id } = agent.attachTool({ tool: look, condition: 'asks what there is' });
    expect(observation.action).toBeNull();
    expect(defined(guidelineCollection)).toMatchObject([{ action: null }, { id, action: null }]);
    expect(defined(toolAssociationCollection)).toMatchObject([{ guidelineId: id, toolId: 'local:look' }]);
  });

  it('can be awaited, as in Parlant', async () => {
    const { agent } = startWriting();
    const made = agent.createGuideline({ condition: 'asks' });
    // oxlint-disable-next-line typescript/await-thenable -- what is shown here
    expect(await made).toBe(made);
  });
});

describe('relationships', () => {
  /** Kind, source and target, in short. */
  function related({ defined }: Pick<ReturnType<typeof startWriting>, 'defined'>) {
    return defined(relationshipCollection).map(({ kind, source, target }) =>
      [kind, `${source.type} ${source.id}`, `${target.type} ${target.id}`].join(' | '),
    );
  }

  it('are between guidelines, journeys and tags', () => {
    const writing = startWriting();
    const { server, agent } = writing;
    const tag = server.createTag({ id: 'desk', name: 'front desk' });
    const first = agent.createGuideline({ id: 'first', condition: 'one' });
    const second = agent.createGuideline({ id: 'second', condition: 'two' });
    const journey = agent.createJourney({ id: 'book', title: 'Book', description: 'Books' });
    first.prioritizeOver(second, journey, tag);
    second.dependOn(journey, anyOf(tag));
    second.entail(tag);
    second.reevaluateAfter(look, 'calendar:find');
    journey.dependOn(allOf(tag));
    tag.reevaluateAfter(look);
    expect(related(writing)).toEqual([
      'priority | guideline first | guideline second',
      'priority | guideline first | tag_all journey:book',
      'priority | guideline first | tag_all desk',
      'dependency | guideline second | tag_all journey:book',
      'dependency | guideline second | tag_any desk',
      'entailment | guideline second | tag_all desk',
      'reevaluation | guideline second | tool local:look',
      'reevaluation | guideline second | tool calendar:find',
      'dependency | tag_all journey:book | tag_all desk',
      'reevaluation | tag_all desk | tool local:look',
    ]);
  });

  it('of dependOnAny are one group for each call', () => {
    const { agent, defined } = startWriting();
    const [source, a, b, c] = ['source', 'a', 'b', 'c'].map((id) =>
      agent.createGuideline({ id, condition: id }),
    );
    source?.dependOnAny(a!, b!);
    source?.dependOnAny(c!);
    const [groupOfA, groupOfB, groupOfC] = defined(relationshipCollection).map(({ groupId }) => groupId);
    expect(groupOfA).toEqual(expect.any(String));
    expect(groupOfB).toBe(groupOfA);
    expect(groupOfC).not.toBe(groupOfA);
  });

  it('of an observation that disambiguates lead to guidelines, and to all that begins a journey', () => {
    const writing = startWriting();
    const { agent } = writing;
    const lab = agent.createObservation({ id: 'lab', condition: 'wants lab results' });
    const results = agent.createJourney({
      title: 'Results',
      description: 'Tells',
      triggers: [lab, 'asks again'],
    });
    const bill = agent.createGuideline({ id: 'bill', condition: 'asks for the bill', action: 'Send it' });
    const unclear = agent.createObservation({ id: 'unclear', condition: 'says "follow-up"' });
    expect(unclear.disambiguate([results, bill])).toBe(unclear);
    expect(related(writing)).toEqual([
      'disambiguation | guideline unclear | guideline lab',
      `disambiguation | guideline unclear | guideline ${results.triggers[1]?.id}`,
      'disambiguation | guideline unclear | guideline bill',
    ]);
  });

  it('that are said twice are there once', () => {
    const { agent, defined } = startWriting();
    const first = agent.createGuideline({ condition: 'one' });
    const second = agent.createGuideline({ condition: 'two' });
    first.prioritizeOver(second);
    first.prioritizeOver(second);
    expect(defined(relationshipCollection)).toHaveLength(1);
  });
});

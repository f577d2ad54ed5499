import { describe, expect, it } from 'vitest';
import { cannedResponseCollection } from '../../src/entities/collections/canned-response.ts';
import { guidelineCollection } from '../../src/entities/collections/guideline.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
} from '../../src/entities/collections/journey.ts';
import { relationshipCollection } from '../../src/entities/collections/relationship.ts';
import type { DefinedJourney } from '../../src/sdk/journey.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { startWriting } from './support.ts';

const look = tool({ name: 'look', handler: () => 'found' });

/** The graph of a journey, a line for each edge: what it leads from and to, and when. Forks are named by what they are. */
function graphOf({ defined }: Pick<ReturnType<typeof startWriting>, 'defined'>, { id }: DefinedJourney) {
  const nodes = new Map(defined(journeyNodeCollection).map((node) => [node.id, node]));
  const root = defined(journeyCollection).find((journey) => journey.id === id)?.rootId;
  const edges = defined(journeyEdgeCollection).filter(({ journeyId }) => journeyId === id);
  const nameOf = (nodeId: string) => {
    if (nodeId === 'end' || nodeId === root) return nodeId === root ? 'root' : 'end';
    return nodes.get(nodeId)?.action ?? `fork ${[...nodes.keys()].indexOf(nodeId)}`;
  };
  return edges.map(({ source, target, condition }) =>
    [nameOf(source), ...(condition === null ? [] : [`(${condition})`]), nameOf(target)].join(' > '),
  );
}

describe('a journey', () => {
  it('is what it was described as, and begins with any of its conditions', () => {
    const { agent, defined } = startWriting();
    const known = agent.createObservation({ id: 'known', condition: 'was here before' });
    const journey = agent.createJourney({
      title: 'Book',
      description: 'Books an appointment',
      conditions: ['wants to book', known],
      compositionMode: 'strict_canned',
      labels: ['booking'],
      priority: 2,
    });
    const [text] = journey.triggers;
    expect(defined(journeyCollection)).toEqual([
      {
        id: journey.id,
        title: 'Book',
        description: 'Books an appointment',
        triggers: [text?.id, 'known'],
        rootId: journey.initialState.id,
        compositionMode: 'strict_canned',
        labels: ['booking'],
        priority: 2,
        tags: ['agent:clinic'],
      },
    ]);
    expect(defined(guidelineCollection)).toMatchObject([
      { id: 'known', tags: ['agent:clinic', `journey:${journey.id}`] },
      { id: text?.id, condition: 'wants to book', action: null, tags: [`journey:${journey.id}`] },
    ]);
  });

  it('leads from state to state', () => {
    const writing = startWriting();
    const journey = writing.agent.createJourney({ title: 'Book', description: 'Books' });
    const ask = journey.initialState.transitionTo({ chatState: 'Ask for the day' });
    const find = ask.target.transitionTo({ condition: 'said a day', toolState: look });
    ask.target.transitionTo({ condition: 'does not know', state: ask.target });
    const { target: fork } = find.target.fork();
    fork.transitionTo({ condition: 'none is free', state: ask.target });
    const offer = fork.transitionTo({ condition: 'some are free', chatState: 'Offer them' });
    const end = offer.target.transitionTo({ state: END_JOURNEY });
    expect(end.target).toBe(END_JOURNEY);
    expect(graphOf(writing, journey)).toEqual([
      'root > Ask for the day',
      'Ask for the day > (said a day) > Run the tool look',
      'Ask for the day > (does not know) > Ask for the day',
      'Run the tool look > fork 3',
      'fork 3 > (none is free) > Ask for the day',
      'fork 3 > (some are free) > Offer them',
      'Offer them > end',
    ]);
  });

  it('has states with all that can be said of them; what they do not say, the journey does', () => {
    const { server, agent, defined } = startWriting();
    const response = server.createCannedResponse({ template: 'Which day?' });
    const journey = agent.createJourney({ title: 'Book', description: 'Books', compositionMode: 'fluid' });
    const ask = journey.initialState.transitionTo({
      id: 'ask',
      chatState: 'Ask for the day',
      description: 'Any day of the week',
      labels: ['asked'],
      metadata: { topic: 'day' },
      compositionMode: 'strict_canned',
      cannedResponses: [response],
    });
    ask.target.transitionTo({ id: 'find', toolState: [look, 'calendar:find'] });
    const [, askNode, findNode] = defined(journeyNodeCollection);
    expect(askNode).toEqual({
      id: 'ask',
      journeyId: journey.id,
      action: 'Ask for the day',
      description: 'Any day of the week',
      tools: [],
      labels: ['asked'],
      compositionMode: 'strict_canned',
      metadata: { topic: 'day' },
    });
    expect(findNode).toMatchObject({
      action: null,
      tools: ['local:look', 'calendar:find'],
      compositionMode: 'fluid',
    });
    expect(defined(cannedResponseCollection)[0]?.tags).toEqual(['journey_node:ask']);
  });

  it('considers a state with a tool again when the tool was run', () => {
    const { agent, defined } = startWriting();
    const journey = agent.createJourney({ title: 'Book', description: 'Books' });
    journey.initialState.transitionTo({ id: 'find', toolState: look });
    expect(defined(relationshipCollection)).toMatchObject([
      {
        kind: 'reevaluation',
        source: { type: 'tag_all', id: 'journey_node:find' },
        target: { type: 'tool', id: 'local:look' },
      },
    ]);
  });

  it('has guidelines and canned responses of its own, which count only while it is active', () => {
    const { agent, defined } = startWriting();
    const journey = agent.createJourney({ id: 'book', title: 'Book', description: 'Books' });
    const price = journey.createGuideline({ condition: 'asks for the price', action: 'Say it is free' });
    const hurry = journey.createObservation({ condition: 'is in a hurry' });
    const attached = journey.attachTool({ tool: look, condition: 'asks what there is' });
    journey.createCannedResponse({ template: 'It is free.' });
    const ids = [price, hurry, attached].map(({ id }) => id);
    expect(defined(guidelineCollection).map(({ id, tags }) => [id, tags])).toEqual(
      ids.map((id) => [id, ['agent:clinic']]),
    );
    expect(
      defined(relationshipCollection).map(({ kind, source, target }) => [kind, source.id, target.id]),
    ).toEqual(ids.map((id) => ['dependency', id, 'journey:book']));
    expect(defined(cannedResponseCollection)[0]?.tags).toEqual(['journey:book']);
  });
});

describe('a journey that is part of another', () => {
  /** Finds out who it is: by a number, or else by name and birthday. */
  function writeIdentification() {
    const writing = startWriting();
    const part = writing.agent.createJourney({
      id: 'identify',
      title: 'Identify',
      description: 'Who is it?',
    });
    const number = part.initialState.transitionTo({ chatState: 'Ask for the number' });
    number.target.transitionTo({ condition: 'knows it', state: END_JOURNEY });
    number.target.transitionTo({ condition: 'does not', chatState: 'Ask for name and birthday' });
    const whole = writing.agent.createJourney({ id: 'book', title: 'Book', description: 'Books' });
    return { writing, part, whole };
  }

  it('is copied, and all its ends meet where the other goes on', () => {
    const { writing, part, whole } = writeIdentification();
    const known = whole.initialState.transitionTo({ journey: part });
    known.target.transitionTo({ chatState: 'Ask for the day' });
    expect(graphOf(writing, whole)).toEqual([
      'root > Ask for the number',
      'Ask for the number > (knows it) > fork 4',
      'Ask for the number > (does not) > Ask for name and birthday',
      'Ask for name and birthday > fork 4',
      'fork 4 > Ask for the day',
    ]);
    expect(graphOf(writing, part)).toHaveLength(3);
  });

  it('is behind a fork where a condition leads to it', () => {
    const { writing, part, whole } = writeIdentification();
    const { target: greet } = whole.initialState.transitionTo({ chatState: 'Greet' });
    greet.transitionTo({ condition: 'is new', journey: part });
    greet.transitionTo({ condition: 'is known', state: END_JOURNEY });
    expect(graphOf(writing, whole)).toEqual([
      'root > Greet',
      'Greet > (is new) > fork 6',
      'fork 6 > Ask for the number',
      'Ask for the number > (knows it) > fork 5',
      'Ask for the number > (does not) > Ask for name and birthday',
      'Ask for name and birthday > fork 5',
      'Greet > (is known) > end',
    ]);
  });

  it('can be there twice, and leads back to its own beginning, not to the other’s', () => {
    const { writing, part, whole } = writeIdentification();
    const again = writing.agent.createJourney({ title: 'Again', description: 'Until it is right' });
    const { target: ask } = again.initialState.transitionTo({ chatState: 'Ask' });
    ask.transitionTo({ condition: 'is wrong', state: again.initialState });
    ask.transitionTo({ condition: 'is right', state: END_JOURNEY });
    const once = whole.initialState.transitionTo({ journey: again });
    const twice = once.target.transitionTo({ journey: again });
    twice.target.transitionTo({ journey: part });
    const graph = graphOf(writing, whole);
    expect(graph.filter((line) => line.includes('(is wrong)'))).toEqual([
      expect.stringMatching(/^Ask > \(is wrong\) > fork \d+$/),
      expect.stringMatching(/^Ask > \(is wrong\) > fork \d+$/),
    ]);
    expect(new Set(graph.filter((line) => line.endsWith('> Ask'))).size).toBe(2);
  });

  it('keeps what its states are, and says whose they were', () => {
    const writing = startWriting();
    const { server, agent, defined } = writing;
    const response = server.createCannedResponse({ template: 'Which one?' });
    const part = agent.createJourney({ id: 'part', title: 'Part', description: 'A part' });
    part.initialState.transitionTo({
      chatState: 'Ask which',
      labels: ['asked'],
      metadata: { topic: 'which', journey_node: { own: 1 } },
      cannedResponses: [response],
    });
    const whole = agent.createJourney({
      id: 'whole',
      title: 'Whole',
      description: 'All of it',
      compositionMode: 'strict_canned',
    });
    const { target: merge } = whole.initialState.transitionTo({ journey: part });
    const copies = defined(journeyNodeCollection).filter(({ journeyId }) => journeyId === 'whole');
    const copy = copies.find(({ action }) => action === 'Ask which');
    expect(copy).toMatchObject({
      labels: ['asked'],
      compositionMode: 'strict_canned',
      metadata: { topic: 'which', journey_node: { own: 1, sub_journey_id: 'part' } },
    });
    expect(copies.find(({ id }) => id === merge.id)?.metadata).toEqual({
      journey_node: { sub_journey_id: 'part' },
    });
    expect(defined(cannedResponseCollection)[0]?.tags).toContain(`journey_node:${copy?.id}`);
  });
});

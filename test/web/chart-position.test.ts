import { describe, expect, it } from 'vitest';
import { sessionMachine } from '../../machines/session.machine.ts';
import { toGraph } from '../../src/charts/chart-graph.ts';
import { activeStates, changeInWords, eventInWords, inWords } from '../../src/web/state/chart-position.ts';

const chart = toGraph(sessionMachine);
const value = (turn: unknown) => ({ POLLING: { feed: 'local', turn } });

describe('where the statechart stands', () => {
  it.each([
    ['NOT_STARTED', ['NOT_STARTED']],
    [value('idle'), ['POLLING', 'feed', 'local', 'turn', 'idle']],
    [value({ responding: 'processing' }), ['POLLING', 'feed', 'local', 'turn', 'responding', 'processing']],
  ])('is told by the active states of %j', (position, keys) => {
    const active = new Set(activeStates(chart, position));
    const found = chart.nodes.filter(({ id, parentId }) => active.has(id) && parentId !== null);
    expect(found.map(({ key }) => key)).toEqual(keys);
  });

  it('leaves states out that the picture does not know', () => {
    expect(activeStates(chart, { ELSEWHERE: 'far' })).toEqual(['session.v1']);
  });

  it.each([
    ['STOPPED', 'STOPPED'],
    [value('idle'), 'POLLING · feed local · turn idle'],
    [value({ responding: 'processing' }), 'POLLING · feed local · turn responding, processing'],
    [undefined, ''],
  ])('is said in words: %j', (position, words) => {
    expect(inWords(position)).toBe(words);
  });

  it.each([
    ['message.received', 'message.received'],
    ['xstate.done.actor.run', 'run done'],
    ['xstate.error.actor.run', 'run failed'],
    ['xstate.done.state.engine-cycle.v1.iterating', 'all over'],
    ['', 'always'],
  ])('moves by an event, in words: %s', (event, words) => {
    expect(eventInWords(event)).toBe(words);
  });

  it.each([
    ['NOT_STARTED', value('idle'), 'NOT_STARTED → local, idle'],
    [value('idle'), value({ responding: 'acknowledged' }), 'idle → acknowledged'],
    [value('ready'), value('ready'), 'local, ready → local, ready'],
    [{ both: { a: 'over', b: 'over' } }, 'next', 'over → next'],
  ])('moves, in words, from %j to %j', (from, to, words) => {
    expect(changeInWords(from, to)).toBe(words);
  });
});

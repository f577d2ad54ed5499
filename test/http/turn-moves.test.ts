import { describe, expect, it } from 'vitest';
import { createCharts } from '../../src/charts/charts.ts';
import type { SettingsInput } from '../../src/config.ts';
import type { TurnFrame } from '../../src/event-log/frame.ts';
import { startEngine, type EngineServer } from '../support/engine-server.ts';
import { hasFinalReady, openStream, type ReceivedFrame } from '../support/event-stream.ts';
import { startServer } from '../support/server.ts';

const chart = await createCharts().draw('engine-cycle');

const startHost = (settings: SettingsInput = {}) =>
  startEngine((server) => void server.createAgent({ id: 'host', name: 'Host' }), { settings });

const follow = ({ url }: Pick<EngineServer, 'url'>, id: string, query = '?turns=true') =>
  openStream(`${url}/sessions/${id}/events${query}`);

/** Of the frames, those that tell of turns. */
function turnsIn(frames: readonly ReceivedFrame[]): readonly TurnFrame[] {
  return frames.filter(({ event }) => event === 'turn').map(({ data }) => data as TurnFrame);
}

const isDone = (frames: readonly ReceivedFrame[]): boolean => turnsIn(frames).at(-1)?.value === 'done';

/** `source → target` of the edge in the picture. */
function toMove({ transition }: TurnFrame): readonly string[] {
  if (!transition) return [];
  const edge = chart?.edges.find(({ id, event }) => id === transition.id && event === transition.event);
  const keyOf = (id: string | undefined) => chart?.nodes.find((node) => node.id === id)?.key;
  return [`${keyOf(edge?.source)} → ${keyOf(edge?.target)}`];
}

describe("the statechart of an agent's turn", () => {
  it.each([
    ['', {}],
    [', also while an inspector looks', { inspect: true }],
  ])('is told of to who asks, move by move, as the picture names them%s', async (_, settings) => {
    await using server = await startHost(settings);
    const id = await server.session('host');
    await using stream = await follow(server, id);
    const { trace_id } = await server.say(id, 'Hello');
    const turns = turnsIn(await stream.until(isDone));
    expect(turns[0]).toMatchObject({ machine: 'engine-cycle', trace_id, value: 'loading', transition: null });
    expect(new Set(turns.map((turn) => turn.trace_id))).toEqual(new Set([trace_id]));
    const moves = turns.flatMap(toMove);
    expect(moves.join(' ')).not.toContain('undefined');
    expect(moves).toEqual(
      expect.arrayContaining([
        'loading → acknowledging',
        'acknowledging → preparing',
        'beginning → iterating',
        'iterating → resolving',
        'composing → sending',
        'answering → concluding',
        'analysing → done',
      ]),
    );
    // Each begins where the one before has ended.
    const values = turns.map(({ value }) => value);
    expect(turns.slice(1).map(({ transition }) => transition?.from)).toEqual(values.slice(0, -1));
  });

  it('begins a stream with where the last turn stands, but not one that is about another turn', async () => {
    await using server = await startHost();
    const id = await server.session('host');
    const [asked] = await server.turn(id, 'Hello');
    await using stream = await follow(server, id);
    const frames = await stream.until((all) => turnsIn(all).length > 0);
    expect(frames.slice(0, 2).map(({ event }) => event)).toEqual(['state', 'turn']);
    expect(turnsIn(frames)[0]).toMatchObject({ trace_id: asked?.trace_id, transition: null });
    await using other = await follow(server, id, '?turns=true&trace_id=another');
    const { trace_id } = await server.say(id, 'Hello again');
    await stream.until((all) =>
      turnsIn(all).some((turn) => turn.trace_id === trace_id && turn.value === 'done'),
    );
    expect(turnsIn(other.frames)).toEqual([]);
  });

  it('is nothing to who does not ask, nor to who wants events alone', async () => {
    await using server = await startHost();
    const id = await server.session('host');
    await using silent = await follow(server, id, '');
    await using events = await follow(server, id, '?turns=true&kinds=status');
    await using asking = await follow(server, id);
    await server.say(id, 'Hello');
    await asking.until(isDone);
    await silent.until(hasFinalReady);
    await events.until(hasFinalReady);
    expect(turnsIn([...silent.frames, ...events.frames])).toEqual([]);
  });

  it('is none where the agent has none', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    await using stream = await follow(server, id);
    await server.say(id, 'Hello');
    expect(turnsIn(await stream.until(hasFinalReady))).toEqual([]);
  });

  it('ends where a turn is cancelled', async () => {
    await using server = await startEngine((program) => {
      program.createAgent({ id: 'host', name: 'Host' }).attachRetriever(() => new Promise(() => {}), 'slow');
    });
    const id = await server.session('host');
    await using stream = await follow(server, id);
    await server.say(id, 'Hello');
    await stream.until((all) => turnsIn(all).some(({ value }) => JSON.stringify(value).includes('matching')));
    await fetch(`${server.url}/sessions/${id}/cancel`, { method: 'POST' });
    const frames = await stream.until((all) => turnsIn(all).at(-1)?.value === 'cancelled');
    expect(turnsIn(frames).at(-1)?.transition?.event).toBe('turn.cancel');
  });

  it('is asked for with yes or no', async () => {
    await using server = await startServer();
    const id = await server.session('ann');
    const { body } = await server.http().get(`/sessions/${id}/events?turns=perhaps`).expect(422);
    expect(JSON.stringify(body)).toContain('turns');
  });
});

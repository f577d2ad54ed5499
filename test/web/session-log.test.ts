import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFrames, emptyLog, MOVES_KEPT, type SessionLog } from '../../src/web/state/session-log.ts';
import type { Frame } from '../../src/web/wire.ts';
import { answered, asked, chunk, moved, over, status, turnAt, turnMoved } from '../support/web/frames.ts';

const after = (...frames: readonly Frame[]): SessionLog => applyFrames(emptyLog, frames);
const offsets = ({ events }: SessionLog) => events.map(({ offset }) => offset);
const texts = ({ growing }: SessionLog) => growing.map(({ text }) => text);

const turn: readonly Frame[] = [
  asked(0, 't', 'Hello'),
  status(1, 't', 'acknowledged'),
  status(2, 't', 'processing'),
  chunk('m', 't', 'Good '),
  chunk('m', 't', 'day', { index: 1 }),
  answered(3, 't', 'Good day', { id: 'm' }),
  over(4, 't'),
];

describe('a session as the page knows it', () => {
  it('grows by its events, in order', () => {
    expect(offsets(after(...turn))).toEqual([0, 1, 2, 3, 4]);
  });

  it('knows an event that comes again, as after a connection that broke', () => {
    expect(applyFrames(after(...turn), turn)).toEqual(after(...turn));
  });

  it('shows text while it is being made', () => {
    expect(texts(after(...turn.slice(0, 5)))).toEqual(['Good day']);
  });

  it('has the message in place of the text it was made of', () => {
    const log = after(...turn.slice(0, 6));
    expect({ texts: texts(log), last: log.events.at(-1)?.id }).toEqual({ texts: [], last: 'm' });
  });

  it('begins a text anew with index 0, as for one who comes back in the middle of it', () => {
    expect(texts(after(...turn.slice(0, 5), chunk('m', 't', 'Good day, A')))).toEqual(['Good day, A']);
  });

  it('goes on with a text where the server does, whatever the numbers between are', () => {
    expect(texts(after(chunk('m', 't', 'Good d'), chunk('m', 't', 'ay', { index: 7 })))).toEqual([
      'Good day',
    ]);
  });

  it('forgets what an earlier attempt had made when the next one begins', () => {
    const log = after(...turn.slice(0, 5), chunk('m2', 't', 'Go', { attempt: 2 }));
    expect(texts(log)).toEqual(['Go']);
  });

  it('hears no more of an attempt that was overtaken', () => {
    const log = after(chunk('m', 't', 'Go', { attempt: 2 }), chunk('m', 't', 'xx', { index: 1, attempt: 1 }));
    expect(texts(log)).toEqual(['Go']);
  });

  it('forgets text whose turn ended without storing it', () => {
    expect(texts(after(...turn.slice(0, 5), over(3, 't')))).toEqual([]);
  });

  it('keeps the text of one turn when another ends', () => {
    expect(texts(after(chunk('m', 'second', 'Go'), over(0, 'first')))).toEqual(['Go']);
  });

  it('takes `ready` without `completed` for no end', () => {
    expect(texts(after(chunk('m', 't', 'Go'), status(0, 't', 'ready')))).toEqual(['Go']);
  });

  it('has an event as it was changed', () => {
    const changed = answered(3, 't', 'Good day', { id: 'm', metadata: { liked: true } }).event;
    const log = applyFrames(after(...turn), [{ type: 'updated', event: changed }]);
    expect(log.events[3]?.metadata).toEqual({ liked: true });
    expect(offsets(log)).toEqual([0, 1, 2, 3, 4]);
  });

  it('ignores changes of an event that it does not have', () => {
    const log = after(...turn.slice(0, 2));
    expect(applyFrames(log, [{ type: 'updated', event: answered(3, 't', 'x').event }])).toEqual(log);
  });

  it('loses a tail that was deleted, and goes on behind it', () => {
    const log = applyFrames(after(...turn), [{ type: 'removed', from: 2 }, asked(7, 'u', 'Again')]);
    expect({ offsets: offsets(log), last: log.lastOffset }).toEqual({ offsets: [0, 1, 7], last: 7 });
  });

  it('takes offsets anew where the server came back from a back-up', () => {
    const log = applyFrames(after(...turn), [{ type: 'removed', from: 2 }, status(2, 't', 'processing')]);
    expect(offsets(log)).toEqual([0, 1, 2]);
  });

  it('loses the text of a turn that was deleted', () => {
    expect(texts(after(...turn.slice(0, 5), { type: 'removed', from: 0 }))).toEqual([]);
  });

  it('knows where the statechart stands, and its last moves', () => {
    const log = after(
      { type: 'state', state: { value: 'NOT_STARTED', since: '2026-01-01T00:00:00Z', transition: null } },
      ...Array.from({ length: MOVES_KEPT + 5 }, (_, n) => moved(`s${n}`, `s${n + 1}`, 'step')),
    );
    const { position, moves } = log.chart;
    expect(position?.value).toBe(`s${MOVES_KEPT + 5}`);
    expect(moves).toHaveLength(MOVES_KEPT);
    expect(moves.at(-1)).toMatchObject({ n: MOVES_KEPT + 5, to: `s${MOVES_KEPT + 5}`, event: 'step' });
    expect(log.turnChart).toBe(null);
  });

  it('knows where the statechart of a turn stands, and the moves of one turn after the other', () => {
    const first = after(
      moved('idle', 'busy', 'message'),
      turnAt('t', 'loading'),
      turnMoved('t', 'loading', 'answering', 'load'),
    );
    expect(first.turnChart).toMatchObject({ machine: 'engine-cycle', position: { value: 'answering' } });
    const log = applyFrames(first, [turnAt('u', 'loading'), turnMoved('u', 'loading', 'done', 'load')]);
    expect(log.turnChart?.moves.map(({ n, from, to }) => [n, from, to])).toEqual([
      [1, 'loading', 'answering'],
      [2, 'loading', 'done'],
    ]);
    expect(log.chart.moves).toHaveLength(1);
  });

  it('keeps its list of events where only text has grown', () => {
    const log = after(...turn.slice(0, 4));
    expect(applyFrames(log, [chunk('m', 't', 'day', { index: 1 })]).events).toBe(log.events);
  });

  it('is the same however its frames come together', () => {
    const cuts = array(integer({ min: 0, max: turn.length }), { maxLength: 6 });
    assert(
      property(cuts, (places) => {
        const ends = [...places.toSorted((a, b) => a - b), turn.length];
        const batches = ends.map((end, index) => turn.slice(ends[index - 1] ?? 0, end));
        expect(batches.reduce(applyFrames, emptyLog)).toEqual(after(...turn));
      }),
    );
  });

  it('is the same wherever the connection broke', () => {
    assert(
      property(integer({ min: 0, max: turn.length }), (cut) => {
        const before = after(...turn.slice(0, cut));
        const rest = turn.filter((frame) => frame.type === 'event' && frame.event.offset > before.lastOffset);
        expect(applyFrames(before, rest)).toEqual(after(...turn));
      }),
    );
  });
});

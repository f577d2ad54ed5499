/** Following a session: replay and live as one cursor, whatever else happens meanwhile. Part of the log's contract. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../src/event-log/event-log.ts';
import type { Frame } from '../../src/event-log/frame.ts';
import {
  createSession,
  fill,
  hold,
  isEvent,
  said,
  shown,
  soon,
  state,
  turnState,
  upTo,
  watch,
  type OpenLog,
} from './support.ts';

const run = { runId: 'run', attempt: 1 };

export function followContract(open: OpenLog): void {
  describe('following', () => {
    it('sees what is stored and then what comes, each event once', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 3);
      const all = watch(log, id);
      const tail = watch(log, id, { after: 1 });
      const later = watch(log, id, { after: 4 });
      await fill(log, id, 3);
      await expect.poll(all.texts, soon).toEqual(['0', '1', '2', '3', '4', '5']);
      await expect.poll(tail.texts, soon).toEqual(['2', '3', '4', '5']);
      await expect.poll(later.texts, soon).toEqual(['5']);
      for (const watcher of [all, tail, later]) await watcher.stop();
    });

    it('gives the whole envelope as JSON, equal to the event', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const draft = said('"\\\u2603\u0000', { id: 'a "b"', trace_id: '\u2028', metadata: { a: [1] } });
      await log.append(id, [draft]);
      const live = watch(log, id);
      const [event] = await log.append(id, [{ ...draft, id: 'c' }]);
      await expect.poll(() => live.frames.length, soon).toBe(2);
      const replayed = watch(log, id);
      await expect.poll(() => replayed.frames.length, soon).toBe(2);
      for (const frame of [...live.frames, ...replayed.frames]) {
        expect(frame.type === 'event' && JSON.parse(frame.json)).toEqual(
          frame.type === 'event' && frame.event,
        );
      }
      expect(replayed.frames).toEqual(live.frames);
      expect(live.frames[1]).toMatchObject({ event });
      await Promise.all([live.stop(), replayed.stop()]);
    });

    it('misses nothing and repeats nothing when it joins while others append', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const watchers = [];
      for (const n of upTo(40)) {
        const appends = [log.append(id, [said(`${n}`), said(`${n}`)]), log.append(id, [said(`${n}`)])];
        watchers.push(watch(log, id));
        if (n % 3 === 0) await appends[0];
        if (n % 5 === 0) await new Promise(setImmediate);
        watchers.push(watch(log, id, { after: n }));
      }
      await log.append(id, [said('end')]);
      for (const [n, watcher] of watchers.entries()) {
        const after = n % 2 === 0 ? -1 : (n - 1) / 2;
        await expect.poll(() => watcher.offsets(), soon).toEqual(upTo(121).slice(after + 1));
        await watcher.stop();
      }
    });

    it('passes only what matches', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const turn = [
        said('q', { trace_id: 'run' }),
        said('s', { trace_id: 'run', kind: 'status', source: 'ai_agent' }),
        said('a', { trace_id: 'run', source: 'ai_agent' }),
        said('x', { trace_id: 'other', kind: 'custom', source: 'system' }),
      ];
      await log.append(id, turn);
      const watchers = {
        messages: watch(log, id, { kinds: ['message'] }),
        agent: watch(log, id, { source: 'ai_agent' }),
        trace: watch(log, id, { traceId: 'run' }),
        other: watch(log, id, { traceId: 'other' }),
        nothing: watch(log, id, { kinds: [] }),
        nobody: watch(log, id, { traceId: '' }),
        all: watch(log, id),
      };
      await expect.poll(() => watchers.all.frames.length, soon).toBe(4);
      await log.openRun(id, { ...run, triggerOffset: 0 });
      log.publishChunk(id, { message_id: 'm', trace_id: 'run', attempt: 1, index: 0, text: 'x' }, run);
      log.publishState(id, state('busy'));
      log.publishTurn(id, turnState('run', 'deep'));
      await log.append(id, turn);
      const [first] = await log.read(id);
      await log.patch(id, first?.id ?? '', { set: { a: 1 } });
      await log.remove(id, 6);
      const news = ['m[0]x', 'state busy', 'turn deep'];
      const end = ['updated 0', 'removed 6'];
      await expect
        .poll(watchers.all.texts, soon)
        .toEqual(['0', '1', '2', '3', ...news, '4', '5', '6', '7', ...end]);
      await expect.poll(watchers.messages.texts, soon).toEqual(['0', '2', '4', '6', ...end]);
      await expect.poll(watchers.agent.texts, soon).toEqual(['1', '2', '5', '6', 'removed 6']);
      await expect.poll(watchers.trace.texts, soon).toEqual(['0', '1', '2', ...news, '4', '5', '6', ...end]);
      await expect.poll(watchers.other.texts, soon).toEqual(['3', 'state busy', '7', 'removed 6']);
      await expect.poll(watchers.nothing.texts, soon).toEqual(['removed 6']);
      await expect.poll(watchers.nobody.texts, soon).toEqual(['state busy', 'removed 6']);
      for (const watcher of Object.values(watchers)) await watcher.stop();
    });

    it('hears chunks, states and turns behind what was appended before them', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const watcher = watch(log, id);
      void log.openRun(id, { ...run, triggerOffset: 0 }, [said('acknowledged')]);
      chunk(log, id, 0, 'a');
      log.publishState(id, state('busy'));
      void log.append(id, [said('status')]);
      chunk(log, id, 1, 'b');
      log.publishTurn(id, turnState('run', 'deep'));
      await log.append(id, [said('ab', { id: 'm' })], { run, closesRun: true });
      log.publishState(id, state('ready'));
      await expect
        .poll(watcher.texts, soon)
        .toEqual(['0', 'm[0]a', 'state busy', '1', 'm[1]b', 'turn deep', '2', 'state ready']);
      await watcher.stop();
    });

    it('gives one who joins while text is being made the text so far', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.openRun(id, { ...run, triggerOffset: 0 });
      chunk(log, id, 0, 'one ');
      chunk(log, id, 1, 'two ');
      const late = watch(log, id);
      await expect.poll(late.texts, soon).toEqual(['m[0]one two ']);
      chunk(log, id, 2, 'three');
      await expect.poll(late.texts, soon).toEqual(['m[0]one two ', 'm[2]three']);
      await log.append(id, [said('one two three', { id: 'm' })], { run });
      const after = watch(log, id);
      log.publishState(id, state('end'));
      await expect.poll(after.texts, soon).toEqual(['0', 'state end']);
      await Promise.all([late.stop(), after.stop()]);
    });

    it('begins the text anew with the next attempt, and gives it up with the run', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.openRun(id, { ...run, triggerOffset: 0 });
      chunk(log, id, 0, 'first');
      await log.openRun(id, { runId: 'run', attempt: 2, triggerOffset: 0 });
      const between = watch(log, id);
      chunk(log, id, 0, 'second', 2);
      await expect.poll(between.texts, soon).toEqual(['m[0]second']);
      await log.closeRun(id, { runId: 'run' }, [said('cancelled')]);
      const after = watch(log, id);
      log.publishState(id, state('end'));
      await expect.poll(after.texts, soon).toEqual(['0', 'state end']);
      await Promise.all([between.stop(), after.stop()]);
    });

    it('keeps the place of a reader that falls behind, and reads its backlog from disk', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 1);
      const slow = hold(log, id);
      expect(shown((await slow.next()) as Frame)).toBe('0');
      await log.openRun(id, { ...run, triggerOffset: 0 });
      await fill(log, id, 2_000);
      chunk(log, id, 0, 'so ');
      chunk(log, id, 1, 'far');
      log.publishTurn(id, turnState('run', 'high'));
      log.publishState(id, state('one'));
      log.publishTurn(id, turnState('run', 'deep'));
      log.publishState(id, state('two'));
      const frames = (await slow.until((frame) => frame.type === 'chunk')).map(shown);
      expect(frames).toEqual([...upTo(2_001).slice(1).map(String), 'state two', 'turn deep', 'm[0]so far']);
      chunk(log, id, 2, '!');
      expect(shown((await slow.next()) as Frame)).toBe('m[2]!');
      slow.stop();
    });

    it('tells a reader that fell behind what changed in what it has, and skips what is gone', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const slow = hold(log, id);
      await fill(log, id, 1_000);
      await slow.until(isEvent(99));
      const [third, , , , , sixth] = await log.read(id, { from: 3, limit: 6 });
      await log.patch(id, third?.id ?? '', { set: { patched: true } });
      await log.patch(id, sixth?.id ?? '', { set: { patched: true } });
      await log.remove(id, 500);
      await fill(log, id, 10);
      const frames = await slow.until(isEvent(1_009));
      expect(frames.map(shown)).toEqual([
        ...upTo(128).slice(100).map(String),
        'updated 3',
        'updated 8',
        ...upTo(500).slice(128).map(String),
        ...upTo(1_010).slice(1_000).map(String),
      ]);
      expect(frames[28]).toMatchObject({ event: { metadata: { patched: true } } });
      slow.stop();
    });

    it('tells a reader that fell behind of the removal of what it has', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 300);
      const slow = hold(log, id);
      await slow.until(isEvent(200));
      await log.remove(id, 220);
      await log.remove(id, 100);
      await fill(log, id, 1);
      const frames = (await slow.until(isEvent(300))).map(shown);
      expect(frames).toEqual([...upTo(256).slice(201).map(String), 'removed 100', '300']);
      slow.stop();
    });

    it('repeats no event for a reader that slept through very many updates', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 900);
      const slow = hold(log, id);
      await slow.until(isEvent(700));
      const events = await log.read(id, { to: 600 });
      await Promise.all(events.map((event) => log.patch(id, event.id, { set: { n: event.offset } })));
      await log.patch(id, events[0]?.id ?? '', { set: { n: 'last' } });
      const frames = await slow.until(isEvent(899));
      const own = frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.offset] : []));
      expect(own).toEqual(upTo(900).slice(701));
      const updated = new Map<number, unknown>();
      for (const frame of frames) {
        if (frame.type === 'updated') updated.set(frame.event.offset, frame.event.metadata['n']);
      }
      expect(upTo(600).map((n) => updated.get(n))).toEqual(['last', ...upTo(600).slice(1)]);
      slow.stop();
    });

    it('leaves the event loop its turns while somebody reads a long session as fast as possible', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 3_000);
      let turns = 0;
      let counting = true;
      const count = () => {
        turns += 1;
        if (counting) setImmediate(count);
      };
      count();
      const reader = hold(log, id);
      await reader.until(isEvent(2_999));
      counting = false;
      expect(turns).toBeGreaterThan(10);
      reader.stop();
    });

    it('ends when its signal aborts, also while it waits, and leaves nothing behind', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 5);
      const counts: number[] = [];
      const stop = log.onFollowers((_, followers) => counts.push(followers));
      const waiting = watch(log, id);
      const unread = hold(log, id);
      const left = hold(log, id);
      expect(log.followers(id)).toBe(3);
      await expect.poll(() => waiting.frames.length, soon).toBe(5);
      await waiting.stop();
      expect(waiting.isOver()).toBe(true);
      unread.stop();
      expect(await unread.next()).toBeUndefined();
      for await (const frame of log.follow(id, { after: -1, signal: left.signal })) {
        if (frame.type === 'event') break;
      }
      left.stop();
      expect(log.followers(id)).toBe(0);
      expect(counts).toEqual([1, 2, 3, 2, 1, 2, 1, 0]);
      expect(getEventListeners(left.signal, 'abort')).toEqual([]);
      stop();
      const aborted = log.follow(id, { after: -1, signal: AbortSignal.abort() })[Symbol.asyncIterator]();
      expect(await aborted.next()).toMatchObject({ done: true });
      expect(counts).toHaveLength(8);
    });

    it('ends with the session, after telling that everything is gone', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 300);
      const fast = watch(log, id);
      await expect.poll(() => fast.frames.length, soon).toBe(300);
      const slow = hold(log, id);
      await slow.next();
      await log.deleteSession(id);
      await expect.poll(() => fast.isOver(), soon).toBe(true);
      expect(fast.texts().at(-1)).toBe('removed 0');
      const rest = (await slow.until(() => false)).map(shown);
      expect(rest.at(-1)).toBe('removed 0');
      expect(log.followers(id)).toBe(0);
      const unknown = watch(log, id);
      await expect.poll(() => unknown.isOver(), soon).toBe(true);
    });

    it('answers several calls of next in order', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const reader = hold(log, id);
      const three = [reader.next(), reader.next(), reader.next()];
      await fill(log, id, 3);
      expect((await Promise.all(three)).map((frame) => frame && shown(frame))).toEqual(['0', '1', '2']);
      reader.stop();
    });
  });
}

function chunk(log: Log, sessionId: string, index: number, text: string, attempt = 1): void {
  const ok = log.publishChunk(
    sessionId,
    { message_id: 'm', trace_id: 'run', attempt, index, text },
    { runId: 'run', attempt },
  );
  expect(ok).toBe(true);
}

/** What every adapter of the log must do. An adapter's test file calls this with the way to open one over an empty store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EventIdTakenError,
  EventNotFoundError,
  LogUnavailableError,
  QueueFullError,
  RunClosedError,
  SessionNotFoundError,
} from '../../src/errors.ts';
import type { EventDraft } from '../../src/event-log/event.ts';
import { interleavingsContract } from './interleavings.contract.ts';
import { followContract } from './follow.contract.ts';
import { sessionStoreContract } from './session-store.contract.ts';
import {
  createSession,
  fill,
  said,
  soon,
  textsOf,
  upTo,
  watch,
  type LogUnderTest,
  type OpenLog,
} from './support.ts';

export function eventLogContract(open: OpenLog): void {
  describe('appending', () => {
    it('numbers the events of each session from 0 without gaps, in call order, however many append at once', async () => {
      await using store = await open();
      const { log } = store;
      const ids = upTo(20).map((n) => `session-${n}`);
      await Promise.all(ids.map((id) => createSession(log, id)));
      const appends = upTo(50).flatMap((n) => ids.map((id) => log.append(id, [said(`${n}`), said(`${n}+`)])));
      await Promise.all(appends);
      for (const id of ids) {
        const events = await log.read(id);
        expect(events.map(({ offset }) => offset)).toEqual(upTo(100));
        expect(textsOf(events)).toEqual(upTo(50).flatMap((n) => [`${n}`, `${n}+`]));
      }
    });

    it('resolves with the events exactly as they are read later', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      const data = { message: 'snow \u2603 "quoted" \\ \u0000 \ud800', deep: [1, null, { a: 1.5 }] };
      const appended = await store.log.append(id, [
        said('', { data, metadata: { a: 1 }, id: 'an "id"', trace_id: 'a "trace"' }),
      ]);
      expect(appended).toMatchObject([{ offset: 0, data, metadata: { a: 1 }, deleted: false }]);
      expect(appended[0]?.correlation_id).toBe(appended[0]?.trace_id);
      expect(appended[0]?.creation_utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(await store.log.read(id)).toEqual(appended);
      expect(await (await store.reopen()).read(id)).toEqual(appended);
    });

    it('commits a session and its first event together when nobody waits in between', async () => {
      await using store = await open();
      const { log } = store;
      const created = log.createSession({ id: 's', agentId: 'echo', customerId: 'guest' });
      const appended = log.append('s', [said('hello')]);
      expect(await log.getSession('s')).toBeUndefined();
      await created;
      expect(await log.getSession('s')).toMatchObject({ nextOffset: 1 });
      expect(await appended).toMatchObject([{ offset: 0 }]);
    });

    it('stores a message of a megabyte', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      const text = 'x'.repeat(1_000_000);
      await store.log.append(id, [said(text)]);
      expect(textsOf(await store.log.read(id))).toEqual([text]);
    });

    it('appends nothing when there is nothing to append', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      const before = await store.log.getSession(id);
      expect(await store.log.append(id, [])).toEqual([]);
      expect(await store.log.getSession(id)).toEqual(before);
    });

    it('refuses an unknown session', async () => {
      await using store = await open();
      const { log } = store;
      const run = { runId: 'r', attempt: 1, triggerOffset: 0 };
      await expect(log.append('nobody', [said('x')])).rejects.toThrow(SessionNotFoundError);
      await expect(log.append('', [said('x')])).rejects.toThrow(SessionNotFoundError);
      await expect(log.openRun('nobody', run)).rejects.toThrow(SessionNotFoundError);
      await expect(log.closeRun('nobody', run, [])).rejects.toThrow(SessionNotFoundError);
      await expect(log.patch('nobody', 'e', {})).rejects.toThrow(SessionNotFoundError);
      await expect(log.remove('nobody', 0)).rejects.toThrow(SessionNotFoundError);
      expect(await log.read('nobody')).toEqual([]);
      expect(await log.find('nobody', 'e')).toBeUndefined();
    });

    it('refuses an id that is taken: on disk, in the queue, or twice in one append', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.append(id, [said('stored', { id: 'a' })]);
      await expect(log.append(id, [said('again', { id: 'a' })])).rejects.toThrow(EventIdTakenError);
      const queued = log.append(id, [said('queued', { id: 'b' })]);
      await expect(log.append(id, [said('again', { id: 'b' })])).rejects.toThrow(EventIdTakenError);
      await queued;
      await expect(log.append(id, [said('1', { id: 'c' }), said('2', { id: 'c' })])).rejects.toThrow(
        EventIdTakenError,
      );
      expect(textsOf(await log.read(id))).toEqual(['stored', 'queued']);
    });

    it('allows the same event id in another session', async () => {
      await using store = await open();
      await createSession(store.log, 'one');
      await createSession(store.log, 'two');
      await store.log.append('one', [said('1', { id: 'same' })]);
      await store.log.append('two', [said('2', { id: 'same' })]);
      expect(await store.log.find('two', 'same')).toMatchObject({ data: { message: '2' } });
    });

    it('refuses a draft it could not store, and stores what others append in the same moment', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      const bad: Partial<Record<keyof EventDraft, unknown>>[] = [
        { kind: 'letter' },
        { source: 'nobody' },
        { trace_id: undefined },
        { data: undefined },
        { data: 1n },
        { data: circular },
        { metadata: [] },
        { metadata: null },
        { metadata: { big: 1n } },
        { id: '' },
        { id: 7 },
      ];
      // What the types forbid may still come from JavaScript.
      const appends = bad.map((part) =>
        log.append(id, [said('ok'), said('bad', part as Partial<EventDraft>)]),
      );
      const good = log.append(id, [said('good')]);
      for (const append of appends) await expect(append).rejects.toThrow(TypeError);
      expect(await good).toMatchObject([{ offset: 0 }]);
    });

    it('tells followers first, then listeners once per session and commit, then the caller', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const told: string[] = [];
      const watcher = watch(log, id);
      const { signal } = new AbortController();
      const follower = log.follow(id, { after: -1, signal })[Symbol.asyncIterator]();
      const followed = follower.next().then(() => told.push('follower'));
      const stop = log.onCommitted((sessionId, events) => {
        told.push(`listener ${sessionId} ${events.map(({ offset }) => offset).join()}`);
      });
      const both = [log.append(id, [said('a')]), log.append(id, [said('b'), said('c')])];
      void both[0]?.then(() => told.push('caller'));
      await Promise.all([...both, followed]);
      expect(told).toEqual([`listener ${id} 0,1,2`, 'follower', 'caller']);
      stop();
      await log.append(id, [said('d')]);
      expect(told).toHaveLength(3);
      await follower.return?.();
      await watcher.stop();
    });
  });

  describe('the fences of runs', () => {
    const first = { runId: 'run', attempt: 1 };
    const second = { runId: 'run', attempt: 2 };

    it('takes appends of the open attempt only', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await expect(log.append(id, [said('early')], { run: first })).rejects.toThrow(RunClosedError);
      await log.openRun(id, { ...first, triggerOffset: 0 }, [said('opened')]);
      await log.append(id, [said('mine')], { run: first });
      await expect(log.append(id, [said('newer')], { run: second })).rejects.toThrow(RunClosedError);
      await expect(log.append(id, [said('other')], { run: { runId: 'other', attempt: 1 } })).rejects.toThrow(
        RunClosedError,
      );
      expect(textsOf(await log.read(id))).toEqual(['opened', 'mine']);
    });

    it('refuses the older attempt from the moment a newer one opens, and never goes back', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      void log.openRun(id, { ...first, triggerOffset: 0 });
      const before = log.append(id, [said('before')], { run: first });
      void log.openRun(id, { ...second, triggerOffset: 0 });
      const after = log.append(id, [said('after')], { run: first });
      await expect(after).rejects.toThrow(RunClosedError);
      await expect(log.openRun(id, { ...first, triggerOffset: 0 })).rejects.toThrow(RunClosedError);
      await before;
      await log.append(id, [said('newer')], { run: second });
      expect(textsOf(await log.read(id))).toEqual(['before', 'newer']);
    });

    it('closes a run with its last drafts, for later calls at once', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      void log.openRun(id, { ...first, triggerOffset: 0 });
      const last = log.append(id, [said('last')], { run: first, closesRun: true });
      const late = log.append(id, [said('late')], { run: first });
      const closing = log.closeRun(id, first, [said('cancelled')]);
      await expect(late).rejects.toThrow(RunClosedError);
      await Promise.all([last, closing]);
      expect(textsOf(await log.read(id))).toEqual(['last']);
      expect(await log.getSession(id)).toMatchObject({ openRun: null });
    });

    it('fences a run off and appends its closing drafts in one commit', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.openRun(id, { ...first, triggerOffset: 0 });
      const committed: number[][] = [];
      log.onCommitted((_, events) => committed.push(events.map(({ offset }) => offset)));
      const closing = log.closeRun(id, { runId: 'run' }, [said('cancelled'), said('ready')]);
      await expect(log.append(id, [said('late')], { run: first })).rejects.toThrow(RunClosedError);
      await closing;
      expect(committed).toEqual([[0, 1]]);
    });

    it('leaves a closed run alone, but waits for what was queued before', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      let stored = false;
      void log.append(id, [said('queued')]).then(() => (stored = true));
      await log.closeRun(id, first, [said('cancelled')]);
      expect(stored).toBe(true);
      await log.openRun(id, { ...second, triggerOffset: 0 });
      await log.closeRun(id, first, [said('cancelled')]);
      expect(await log.getSession(id)).toMatchObject({ openRun: second });
      expect(textsOf(await log.read(id))).toEqual(['queued']);
    });

    it('closes a turn that still waits: it never begins', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      for (const trace_id of ['a', 'b', 'c']) {
        await log.append(id, [said(trace_id, { trace_id })], { admit: () => 'trigger' });
      }
      await log.closeRun(id, { runId: 'b' }, [said('cancelled')]);
      const { waiting } = (await log.getSession(id)) ?? {};
      expect(waiting?.map(({ traceId }) => traceId)).toEqual(['a', 'c']);
      expect(textsOf(await log.read(id))).toEqual(['a', 'b', 'c', 'cancelled']);
    });

    it('drops the chunks of a run that is not open', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const chunk = { message_id: 'm', trace_id: 'run', attempt: 1, index: 0, text: 'x' };
      expect(log.publishChunk(id, chunk, first)).toBe(false);
      expect(log.publishChunk('nobody', chunk, first)).toBe(false);
      void log.openRun(id, { ...first, triggerOffset: 0 });
      expect(log.publishChunk(id, chunk, first)).toBe(true);
      expect(log.publishChunk(id, chunk, second)).toBe(false);
      void log.closeRun(id, first, []);
      expect(log.publishChunk(id, chunk, first)).toBe(false);
    });

    it('remembers that a run has answered, over restarts and attempts, until it is closed', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      await store.log.openRun(id, { ...first, triggerOffset: 0 });
      await store.log.append(id, [said('answer')], { run: first, answersRun: true });
      const log = await store.reopen();
      expect((await log.getSession(id))?.openRun).toEqual({ ...first, triggerOffset: 0, answered: true });
      await log.openRun(id, { ...second, triggerOffset: 0 });
      expect((await log.getSession(id))?.openRun).toEqual({ ...second, triggerOffset: 0, answered: true });
      await log.openRun(id, { runId: 'next', attempt: 1, triggerOffset: 1 });
      expect((await log.getSession(id))?.openRun).toMatchObject({ runId: 'next', answered: false });
    });

    it('keeps the fence over a restart', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      await store.log.openRun(id, { ...first, triggerOffset: 0 });
      const log = await store.reopen();
      await log.append(id, [said('same attempt')], { run: first });
      await log.openRun(id, { ...second, triggerOffset: 0 });
      await expect(log.append(id, [said('late')], { run: first })).rejects.toThrow(RunClosedError);
    });
  });

  describe('news from upstream', () => {
    const position = { sessionId: 'there', offset: 3, postedOffset: 0, outage: false, turns: {} };
    const run = { runId: 'run', attempt: 1 };

    it('is appended together with how far it was read, decided on all that is queued', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      void log.openRun(id, { ...run, triggerOffset: 0 }, [said('acknowledged')]);
      const received = log.receive(id, ({ nextOffset, openRun, upstream }) => {
        expect([nextOffset, openRun?.runId, upstream]).toEqual([1, 'run', null]);
        return { drafts: [said('answer'), said('ready')], upstream: position, closesRun: true };
      });
      await expect(log.append(id, [said('late')], { run })).rejects.toThrow(RunClosedError);
      expect(await received).toMatchObject([{ offset: 1 }, { offset: 2 }]);
      const record = await (await store.reopen()).getSession(id);
      expect(record).toMatchObject({ openRun: null, nextOffset: 3, upstream: position });
    });

    it('may be only that it was read, and leaves the run open', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.openRun(id, { ...run, triggerOffset: 0 });
      expect(await log.receive(id, () => ({ drafts: [], upstream: position, closesRun: false }))).toEqual([]);
      expect(await log.getSession(id)).toMatchObject({ openRun: run, upstream: position });
    });

    it('changes nothing when it cannot be decided or stored', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const undecided = () => {
        throw new Error('undecided');
      };
      await expect(log.receive(id, undecided)).rejects.toThrow('undecided');
      const bad = [said('ok'), said('bad', { id: '' })];
      const received = log.receive(id, () => ({ drafts: bad, upstream: position, closesRun: false }));
      await expect(received).rejects.toThrow(TypeError);
      await expect(log.receive('nobody', undecided)).rejects.toThrow(SessionNotFoundError);
      expect(await log.getSession(id)).toMatchObject({ nextOffset: 0, upstream: null });
    });
  });

  describe('admission', () => {
    it('decides on the session as of everything queued before', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const seen: number[] = [];
      const appends = upTo(5).map((n) =>
        log.append(id, [said(`${n}`, { trace_id: `t${n}` })], {
          admit: ({ waiting }) => {
            seen.push(waiting.length);
            if (waiting.length === 3) throw new QueueFullError(id, 3);
            return n === 1 ? 'store' : 'trigger';
          },
        }),
      );
      const results = await Promise.allSettled(appends);
      expect(seen).toEqual([0, 1, 1, 2, 3]);
      expect(results[4]).toMatchObject({ status: 'rejected', reason: { code: 'QUEUE_FULL' } });
      expect((await log.getSession(id))?.waiting).toEqual([
        { offset: 0, traceId: 't0' },
        { offset: 2, traceId: 't2' },
        { offset: 3, traceId: 't3' },
      ]);
      expect(textsOf(await log.read(id))).toEqual(['0', '1', '2', '3']);
    });

    it('takes a trigger and every older one out of waiting when its run opens', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      expect((await log.getSession(id))?.hadTurn).toBe(false);
      for (const trace_id of ['a', 'b', 'c']) {
        await log.append(id, [said(trace_id, { trace_id })], { admit: () => 'trigger' });
      }
      await log.openRun(id, { runId: 'b', attempt: 1, triggerOffset: 1 });
      const record = await log.getSession(id);
      expect(record).toMatchObject({ hadTurn: true, openRun: { runId: 'b', triggerOffset: 1 } });
      expect(record?.waiting).toEqual([{ offset: 2, traceId: 'c' }]);
      expect(await (await store.reopen()).getSession(id)).toEqual(record);
    });

    it('decides on one draft only', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      const admit = () => 'trigger' as const;
      await expect(store.log.append(id, [said('a'), said('b')], { admit })).rejects.toThrow(TypeError);
      await expect(store.log.append(id, [], { admit })).rejects.toThrow(TypeError);
      expect(await store.log.read(id)).toEqual([]);
    });
  });

  describe('receipts', () => {
    const receipt = {
      scope: 'guest POST /events',
      key: 'k',
      requestHash: 'hash',
      result: ({ events }: { events: readonly { offset: number }[] }) => ({
        offset: events[0]?.offset ?? null,
      }),
    };

    it('remembers what a request made in the commit that made it', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      await store.log.append(id, [said('a')]);
      await store.log.append(id, [said('b')], { receipt });
      const log = await store.reopen();
      expect(await log.findReceipt(receipt.scope, 'k')).toEqual({
        requestHash: 'hash',
        result: { offset: 1 },
      });
      expect(await log.findReceipt('another scope', 'k')).toBeUndefined();
      expect(await log.findReceipt(receipt.scope, 'another key')).toBeUndefined();
    });

    it('remembers a created session with its record', async () => {
      await using store = await open();
      const { log } = store;
      await log.createSession(
        { id: 's', agentId: 'echo', customerId: 'guest' },
        { receipt: { ...receipt, result: ({ session }) => ({ id: session.id, next: session.nextOffset }) } },
      );
      expect(await log.findReceipt(receipt.scope, 'k')).toMatchObject({ result: { id: 's', next: 0 } });
    });

    it('stores none when the append is refused, and no event when the receipt cannot be made', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const run = { runId: 'r', attempt: 1 };
      await expect(log.append(id, [said('a')], { run, receipt })).rejects.toThrow(RunClosedError);
      expect(await log.findReceipt(receipt.scope, 'k')).toBeUndefined();
      const broken = () => {
        throw new Error('no result');
      };
      await expect(log.append(id, [said('a')], { receipt: { ...receipt, result: broken } })).rejects.toThrow(
        'no result',
      );
      expect(await log.read(id)).toEqual([]);
      expect(await log.append(id, [said('b')])).toMatchObject([{ offset: 0 }]);
    });

    it('forgets after 24 hours, and then takes the key again', async () => {
      let now = Date.UTC(2026, 0, 1);
      await using store = await open({ now: () => now });
      const { log } = store;
      const id = await createSession(log);
      await log.append(id, [said('a')], { receipt });
      now += 24 * 3_600_000;
      expect(await log.findReceipt(receipt.scope, 'k')).toBeDefined();
      now += 1;
      expect(await log.findReceipt(receipt.scope, 'k')).toBeUndefined();
      await log.append(id, [said('b')], { receipt });
      expect(await log.findReceipt(receipt.scope, 'k')).toMatchObject({ result: { offset: 1 } });
    });
  });

  describe('reading', () => {
    const drafts = [
      said('q1', { trace_id: 't1' }),
      said('busy', { trace_id: 't1', source: 'ai_agent', kind: 'status' }),
      said('a1', { trace_id: 't1', source: 'ai_agent' }),
      said('q2', { trace_id: 't2' }),
      said('x', { trace_id: 't2', source: 'system', kind: 'custom' }),
      said('a2', { trace_id: 't2', source: 'ai_agent' }),
    ];
    let store: LogUnderTest;
    beforeAll(async () => {
      store = await open();
      await store.log.append(await createSession(store.log), drafts);
    });
    afterAll(() => store[Symbol.asyncDispose]());

    it.each([
      [{}, [0, 1, 2, 3, 4, 5]],
      [{ from: 2 }, [2, 3, 4, 5]],
      [{ from: 2, to: 4 }, [2, 3]],
      [{ from: -5, to: 1 }, [0]],
      [{ from: 99 }, []],
      [{ from: 3, to: 3 }, []],
      [{ limit: 2 }, [0, 1]],
      [{ limit: 0 }, []],
      [{ limit: -1 }, []],
      [{ last: 2 }, [4, 5]],
      [{ last: 0 }, []],
      [{ last: 2, to: 4 }, [2, 3]],
      [{ last: 99, from: 4 }, [4, 5]],
      [{ kinds: ['message'] }, [0, 2, 3, 5]],
      [{ kinds: ['status', 'custom'] }, [1, 4]],
      [{ kinds: [] }, []],
      [{ kinds: ['message'], last: 1 }, [5]],
      [{ source: 'ai_agent' }, [1, 2, 5]],
      [{ traceId: 't2' }, [3, 4, 5]],
      [{ traceId: 'none' }, []],
      [{ traceId: '' }, []],
      [{ kinds: ['message'], source: 'ai_agent', traceId: 't1' }, [2]],
      [{ kinds: ['message'], limit: 2, from: 1 }, [2, 3]],
    ] as const)('finds %o', async (query, offsets) => {
      expect((await store.log.read('session', query)).map(({ offset }) => offset)).toEqual(offsets);
    });

    it('reads long sessions whole, from either end', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await fill(log, id, 5_000);
      await log.append(id, [said('needle', { kind: 'custom' })]);
      await fill(log, id, 5_000);
      expect((await log.read(id)).map(({ offset }) => offset)).toEqual(upTo(10_001));
      expect((await log.read(id, { last: 9_000 })).at(0)?.offset).toBe(1_001);
      expect(await log.read(id, { kinds: ['custom'] })).toMatchObject([{ offset: 5_000 }]);
      expect(await log.read(id, { kinds: ['custom'], last: 3 })).toMatchObject([{ offset: 5_000 }]);
      expect(await log.read(id, { kinds: ['custom'], from: 5_001 })).toEqual([]);
    });

    it('finds one event by its id, deleted ones too', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const [event] = await log.append(id, [said('a')]);
      expect(await log.find(id, event?.id ?? '')).toEqual(event);
      expect(await log.find(id, 'nothing')).toBeUndefined();
      await log.remove(id, 0);
      expect(await log.find(id, event?.id ?? '')).toEqual({ ...event, deleted: true });
    });
  });

  describe('patching metadata', () => {
    it('merges what is set, then drops what is unset', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const [event] = await log.append(id, [said('a', { metadata: { a: 1, b: 2 } })]);
      const change = { set: { b: 3, c: 4, d: 5 }, unset: ['a', 'd', 'unknown'] };
      const patched = await log.patch(id, event?.id ?? '', change);
      expect(patched).toEqual({ ...event, metadata: { b: 3, c: 4 } });
      expect(await (await store.reopen()).read(id)).toEqual([patched]);
    });

    it('sees what is queued before it', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      void log.append(id, [said('a', { id: 'e' })]);
      void log.patch(id, 'e', { set: { a: 1 } });
      expect((await log.patch(id, 'e', { set: { b: 2 } })).metadata).toEqual({ a: 1, b: 2 });
      const removed = log.remove(id, 0);
      const late = log.patch(id, 'e', { set: { c: 3 } });
      await expect(late).rejects.toThrow(EventNotFoundError);
      await removed;
      expect(await log.find(id, 'e')).toMatchObject({ metadata: { a: 1, b: 2 }, deleted: true });
    });

    it('refuses a missing or deleted event, and what is no metadata', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.append(id, [said('a', { id: 'a' }), said('b', { id: 'b' })]);
      await log.remove(id, 1);
      await expect(log.patch(id, 'c', { set: {} })).rejects.toThrow(EventNotFoundError);
      await expect(log.patch(id, 'b', { set: {} })).rejects.toThrow(EventNotFoundError);
      const big = { big: 1n } as unknown as { big: number };
      await expect(log.patch(id, 'a', { set: big })).rejects.toThrow(TypeError);
      expect(await log.find(id, 'a')).toMatchObject({ metadata: {} });
    });
  });

  describe('messages that grow in place', () => {
    const grown = (text: string, ...chunks: (string | null)[]) => ({ data: { message: text, chunks } });
    const begun = said('a', { data: { message: 'a', chunks: ['a'] }, source: 'ai_agent' });

    it('changes the data where it is, in call order with appends, and tells followers', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const run = { runId: 'run', attempt: 1 };
      const watcher = watch(log, id);
      void log.openRun(id, { ...run, triggerOffset: -1 });
      const [first] = await log.append(id, [begun], { run });
      const growing = log.grow(id, first!.id, grown('ab', 'a', 'b'), run);
      const whole = log.grow(
        id,
        first!.id,
        { ...grown('ab', 'a', 'b', null), metadata: { done: true } },
        run,
      );
      const behind = log.append(id, [said('ready')], { run, closesRun: true });
      await Promise.all([growing, whole, behind]);
      expect((await log.read(id))[0]).toEqual({
        ...first,
        ...grown('ab', 'a', 'b', null),
        metadata: { done: true },
      });
      expect(await log.find(id, first!.id)).toEqual(await whole);
      await expect
        .poll(() => watcher.frames.map(({ type }) => type), soon)
        .toEqual(['event', 'updated', 'updated', 'event']);
      await watcher.stop();
    });

    it('is fenced like an append, unless it is the host that speaks', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const run = { runId: 'run', attempt: 1 };
      void log.openRun(id, { ...run, triggerOffset: -1 });
      const [first] = await log.append(id, [begun], { run });
      const closing = log.closeRun(id, run, [said('cancelled')]);
      await expect(log.grow(id, first!.id, grown('ab', 'a', 'b'), run)).rejects.toThrow(RunClosedError);
      await closing;
      await log.grow(id, first!.id, grown('a', 'a', null));
      expect((await log.read(id))[0]?.data).toEqual({ message: 'a', chunks: ['a', null] });
    });

    it('refuses what is not there, and what could not be stored', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await expect(log.grow(id, 'none', grown('a'))).rejects.toThrow(EventNotFoundError);
      await expect(log.grow('nobody', 'none', grown('a'))).rejects.toThrow(SessionNotFoundError);
      const [event] = await log.append(id, [begun]);
      // @ts-expect-error it is no JSON
      await expect(log.grow(id, event!.id, { data: undefined })).rejects.toThrow(TypeError);
      expect((await log.read(id))[0]).toEqual(event);
      await log.remove(id, 0);
      await expect(log.grow(id, event!.id, grown('a'))).rejects.toThrow(EventNotFoundError);
    });
  });

  describe('removing a tail', () => {
    it('hides the events and forgets the triggers among them; offsets go on', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      for (const trace_id of ['a', 'b', 'c']) {
        await log.append(id, [said(trace_id, { trace_id })], { admit: () => 'trigger' });
      }
      await log.remove(id, 1);
      expect(await log.append(id, [said('d')])).toMatchObject([{ offset: 3 }]);
      expect((await log.read(id)).map(({ offset }) => offset)).toEqual([0, 3]);
      expect(await log.getSession(id)).toMatchObject({ waiting: [{ offset: 0 }], nextOffset: 4 });
      expect((await (await store.reopen()).read(id)).map(({ offset }) => offset)).toEqual([0, 3]);
    });

    it('is ordered with appends that nobody waited for', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      void log.append(id, [said('a'), said('b')]);
      void log.remove(id, 1);
      void log.append(id, [said('c')]);
      await log.remove(id, 99);
      expect(textsOf(await log.read(id))).toEqual(['a', 'c']);
      await log.remove(id, -1);
      expect(await log.read(id)).toEqual([]);
    });

    it('refuses what is no offset', async () => {
      await using store = await open();
      const id = await createSession(store.log);
      await expect(store.log.remove(id, Number.NaN)).rejects.toThrow(TypeError);
      await expect(store.log.remove(id, 1.5)).rejects.toThrow(TypeError);
    });
  });

  describe('closing', () => {
    it('commits what is queued, ends followers, and then refuses', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const watcher = watch(log, id);
      const queued = log.append(id, [said('queued')]);
      const closing = log.close();
      const late = log.append(id, [said('late')]);
      await expect(late).rejects.toThrow(LogUnavailableError);
      await closing;
      await log.close();
      expect(await queued).toMatchObject([{ offset: 0 }]);
      await expect.poll(() => watcher.isOver(), soon).toBe(true);
      expect(watcher.offsets()).toEqual([0]);
      for (const refused of [
        log.createSession({ agentId: 'echo', customerId: 'guest' }),
        log.deleteSession(id),
        log.updateSession(id, {}),
        log.setLifecycle(id, 'POLLING', null),
        log.check(),
        log.read(id),
        log.find(id, 'x'),
        log.getSession(id),
        log.listSessions({}),
        log.countSessions({}),
        log.lifecycleHistory(id),
        log.findReceipt('s', 'k'),
        log.remove(id, 0),
      ]) {
        await expect(refused).rejects.toThrow(LogUnavailableError);
      }
      const ended = watch(log, id);
      await expect.poll(() => ended.isOver(), soon).toBe(true);
      expect(log.followers(id)).toBe(0);
      log.publishState(id, { value: 'x', since: '', transition: null });
      const run = { runId: 'r', attempt: 1 };
      expect(
        log.publishChunk(id, { message_id: 'm', trace_id: 'r', attempt: 1, index: 0, text: 'x' }, run),
      ).toBe(false);
      expect(textsOf(await (await store.reopen()).read(id))).toEqual(['queued']);
    });

    it('says whether a commit could be made', async () => {
      await using store = await open();
      expect(await store.log.check()).toBeUndefined();
    });
  });

  interleavingsContract(open);
  followContract(open);
  sessionStoreContract(open);
}

/** Making, changing, listing and deleting sessions. Part of the log's contract. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionIdTakenError, SessionNotFoundError, TooManySessionsError } from '../../src/errors.ts';
import type { Log } from '../../src/event-log/event-log.ts';
import { createSession, fill, said, upTo, type LogUnderTest, type OpenLog } from './support.ts';

export function sessionStoreContract(open: OpenLog): void {
  describe('sessions', () => {
    it('begin empty, with what was asked for', async () => {
      await using store = await open();
      const { log } = store;
      const plain = await log.createSession({ agentId: 'echo', customerId: 'guest' });
      expect(plain).toMatchObject({
        id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
        title: null,
        mode: 'auto',
        interruption: null,
        consumptionOffset: 0,
        metadata: {},
        labels: [],
        lastActivityUtc: plain.creationUtc,
        lifecycle: 'NOT_STARTED',
        lifecycleReason: null,
        nextOffset: 0,
        openRun: null,
        waiting: [],
        hadTurn: false,
      });
      const full = await log.createSession({
        id: 'mine',
        agentId: 'echo',
        customerId: 'guest',
        title: 'A title "with quotes"',
        interruption: 'reject',
        metadata: { a: [1] },
        labels: ['x', 'y', 'x'],
      });
      expect(full).toMatchObject({
        id: 'mine',
        interruption: 'reject',
        metadata: { a: [1] },
        labels: ['x', 'y'],
      });
      const reopened = await store.reopen();
      expect(await reopened.getSession('mine')).toEqual(full);
      expect(await reopened.getSession(plain.id)).toEqual(plain);
    });

    it('are the same after a restart, whatever was done to them', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.append(id, [said('a', { trace_id: 'a' })], { admit: () => 'trigger' });
      await log.openRun(id, { runId: 'a', attempt: 2, triggerOffset: 0 });
      await log.append(id, [said('b', { trace_id: 'b' })], { admit: () => 'trigger' });
      await log.setLifecycle(id, 'POLLING', null);
      const record = await log.updateSession(id, { title: 't', mode: 'manual', consumptionOffset: 2 });
      expect(await log.getSession(id)).toEqual(record);
      expect(await (await store.reopen()).getSession(id)).toEqual(record);
    });

    it('do not take an id twice, nor before the first is on disk', async () => {
      await using store = await open();
      const { log } = store;
      const taken = { id: 'taken', agentId: 'echo', customerId: 'guest' };
      const first = log.createSession(taken);
      await expect(log.createSession(taken)).rejects.toThrow(SessionIdTakenError);
      await first;
      await expect(log.createSession(taken)).rejects.toThrow(SessionIdTakenError);
      await expect((await store.reopen()).createSession(taken)).rejects.toThrow(SessionIdTakenError);
    });

    it('are never more than allowed of one customer, however many are made at once', async () => {
      await using store = await open();
      const { log } = store;
      const make = (customerId: string, id: string) =>
        log.createSession({ id, agentId: 'echo', customerId }, { atMost: 3 }).then(
          () => 'made',
          (error: unknown) => (error instanceof TooManySessionsError ? 'refused' : error),
        );
      const count = () => log.countSessions({ customerId: 'ann' });
      const answers = await Promise.all(
        upTo(20).flatMap((n) => [make('ann', `ann ${n}`), make('bob', `bob ${n}`)]),
      );
      expect(answers).toEqual(upTo(40).map((n) => (n < 6 ? 'made' : 'refused')));
      expect(await count()).toBe(3);
      expect(await log.countSessions({})).toBe(6);
      // While a commit is under way the file may hold it or not.
      for (const n of upTo(50)) {
        const gone = log.deleteSession(`ann ${n}`);
        await new Promise(setImmediate);
        const given = log.updateSession(`ann ${n + 1}`, { customerId: 'cleo' });
        const made = [3, 4, 5, 6].map((more) => make('ann', `ann ${n + more}`));
        await Promise.all([gone, given]);
        expect(await Promise.all(made)).toEqual(['made', 'made', 'refused', 'refused']);
        expect(await count()).toBe(3);
        await log.updateSession(`ann ${n + 1}`, { customerId: 'ann' });
        await log.deleteSession(`ann ${n + 4}`);
      }
      await log.createSession({ agentId: 'echo', customerId: 'ann' });
      expect(await count()).toBe(4);
    });

    it('refuse what cannot be stored, and store what others ask for in the same moment', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const base = { agentId: 'echo', customerId: 'guest' };
      const bad: Record<string, unknown>[] = [
        { id: '' },
        { agentId: '' },
        { customerId: undefined },
        { title: 7 },
        { interruption: 'never' },
        { labels: [7] },
        { metadata: [] },
        { metadata: { big: 1n } },
      ];
      // What the types forbid may still come from JavaScript.
      const refused = bad.map((part) => log.createSession({ ...base, ...part }));
      const patches = [
        { mode: 'x' },
        { consumptionOffset: -1 },
        { consumptionOffset: 0.5 },
        { title: 7 },
      ].map((patch) => log.updateSession(id, patch as object));
      const lifecycle = log.setLifecycle(id, 'ASLEEP' as 'STOPPED', null);
      const good = log.createSession({ ...base, id: 'good' });
      for (const refusal of [...refused, ...patches, lifecycle])
        await expect(refusal).rejects.toThrow(TypeError);
      expect(await good).toMatchObject({ id: 'good' });
      expect((await log.listSessions({})).items).toHaveLength(2);
    });

    it('keep a title with a broken character as they will read it', async () => {
      await using store = await open();
      const made = await store.log.createSession({
        id: 's',
        agentId: 'echo',
        customerId: 'guest',
        title: 'snow \u2603 \u0000 \ud800',
      });
      expect(made.title).toBe('snow \u2603 \u0000 \ufffd');
      expect(await (await store.reopen()).getSession('s')).toEqual(made);
    });

    it('change only in what the patch names', async () => {
      await using store = await open();
      const { log } = store;
      const made = await log.createSession({
        id: 's',
        agentId: 'echo',
        customerId: 'guest',
        title: 'old',
        labels: ['a', 'b'],
        metadata: { a: 1, b: 2 },
      });
      expect(await log.updateSession('s', {})).toEqual(made);
      // What the types forbid may still come from JavaScript.
      const strange: object = { id: 'other', nextOffset: 7 };
      const changed = await log.updateSession('s', {
        customerId: 'somebody',
        title: null,
        interruption: 'enqueue',
        labels: { upsert: ['c', 'a'], remove: ['b', 'unknown'] },
        metadata: { set: { b: 3, c: 4 }, unset: ['a'] },
        ...strange,
      });
      expect(changed).toEqual({
        ...made,
        customerId: 'somebody',
        title: null,
        interruption: 'enqueue',
        labels: ['a', 'c'],
        metadata: { b: 3, c: 4 },
      });
      expect(await log.getSession('s')).toEqual(changed);
    });

    it('remember where they stand upstream, or that they stand nowhere', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      expect((await log.getSession(id))?.upstream).toBeNull();
      const turns = { theirs: { traceId: 'ours', answered: true, over: false } };
      const upstream = { sessionId: 'there', offset: 7, postedOffset: 0, outage: false, turns };
      expect(await log.updateSession(id, { upstream })).toMatchObject({ upstream });
      const reopened = await store.reopen();
      expect((await reopened.getSession(id))?.upstream).toEqual(upstream);
      await reopened.updateSession(id, { title: 'other' });
      expect((await reopened.getSession(id))?.upstream).toEqual(upstream);
      await reopened.updateSession(id, { upstream: null });
      expect(await (await store.reopen()).getSession(id)).toMatchObject({ upstream: null, title: 'other' });
    });

    it('do not exist until made: every change of an unknown one is refused', async () => {
      await using store = await open();
      const { log } = store;
      expect(await log.getSession('nobody')).toBeUndefined();
      expect(await log.getSession('')).toBeUndefined();
      expect(await log.lifecycleHistory('nobody')).toEqual([]);
      await expect(log.updateSession('nobody', {})).rejects.toThrow(SessionNotFoundError);
      await expect(log.deleteSession('nobody')).rejects.toThrow(SessionNotFoundError);
      await expect(log.setLifecycle('nobody', 'POLLING', null)).rejects.toThrow(SessionNotFoundError);
      expect(log.followers('nobody')).toBe(0);
    });

    it('are gone with their events and history once deleted, and their id is free', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await createSession(log, 'other');
      await fill(log, id, 3);
      await fill(log, 'other', 3);
      const deleted = log.deleteSession(id);
      await expect(log.append(id, [said('late')])).rejects.toThrow(SessionNotFoundError);
      await expect(log.deleteSession(id)).rejects.toThrow(SessionNotFoundError);
      await deleted;
      expect(await log.getSession(id)).toBeUndefined();
      expect(await log.read(id)).toEqual([]);
      expect(await log.read('other')).toHaveLength(3);
      await createSession(log, id);
      expect(await log.read(id)).toEqual([]);
      expect(await log.lifecycleHistory(id)).toHaveLength(1);
      expect(await log.append(id, [said('new')])).toMatchObject([{ offset: 0 }]);
    });

    it('can be made, deleted and made again without waiting', async () => {
      await using store = await open();
      const { log } = store;
      const made = { id: 's', agentId: 'echo', customerId: 'guest' };
      void log.createSession(made);
      void log.append('s', [said('old')]);
      void log.deleteSession('s');
      void log.createSession({ ...made, title: 'again' });
      await log.append('s', [said('new')]);
      const reopened = await store.reopen();
      expect(await reopened.getSession('s')).toMatchObject({ title: 'again', nextOffset: 1 });
      expect(await reopened.read('s')).toMatchObject([{ data: { message: 'new' } }]);
    });

    it('keep every change of their lifecycle, with the offset at which it happened', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      await log.setLifecycle(id, 'POLLING', null);
      await fill(log, id, 2);
      void log.append(id, [said('queued')]);
      await log.setLifecycle(id, 'STOPPED', 'IDLE');
      await log.setLifecycle(id, 'STOPPED', 'USER');
      expect(await log.getSession(id)).toMatchObject({ lifecycle: 'STOPPED', lifecycleReason: 'IDLE' });
      expect(await (await store.reopen()).lifecycleHistory(id)).toEqual([
        { state: 'NOT_STARTED', reason: null, offset: 0, utc: expect.any(String) },
        { state: 'POLLING', reason: null, offset: 0, utc: expect.any(String) },
        { state: 'STOPPED', reason: 'IDLE', offset: 3, utc: expect.any(String) },
      ]);
    });
  });

  describe('lists of sessions', () => {
    let four: LogUnderTest;
    beforeAll(async () => {
      four = await open();
      await fourSessions(four.log);
    });
    afterAll(() => four[Symbol.asyncDispose]());

    it.each([
      [{}, ['a', 'b', 'c', 'd']],
      [{ sort: 'desc' }, ['d', 'c', 'b', 'a']],
      [{ customerId: 'ann' }, ['a', 'c']],
      [{ agentId: 'other' }, ['c', 'd']],
      [{ customerId: 'ann', agentId: 'other' }, ['c']],
      [{ customerId: 'nobody' }, []],
      [{ labels: ['x'] }, ['a', 'b']],
      [{ labels: ['x', 'y'] }, ['b']],
      [{ labels: [] }, ['a', 'b', 'c', 'd']],
      [{ lifecycle: 'POLLING' }, ['b']],
      [{ lifecycle: 'NOT_STARTED', customerId: 'bob' }, ['d']],
      [{ unfinished: true }, ['a', 'd']],
      [{ unfinished: false }, ['b', 'c']],
      [{ sort: 'latest' }, ['b', 'a', 'd', 'c']],
      [{ sort: 'latest', limit: 1, customerId: 'ann', agentId: 'echo' }, ['a']],
      [{ limit: 2 }, ['a', 'b']],
      [{ limit: 0 }, []],
      [{ cursor: 'not a cursor' }, ['a', 'b', 'c', 'd']],
      [{ cursor: '' }, ['a', 'b', 'c', 'd']],
    ] as const)('answer %o', async (query, ids) => {
      const page = await four.log.listSessions(query);
      expect(page.items.map(({ id }) => id)).toEqual(ids);
    });

    it('find those that were left alone', async () => {
      let now = Date.UTC(2026, 0, 1);
      await using store = await open({ now: () => now });
      const { log } = store;
      await createSession(log, 'old');
      await createSession(log, 'busy');
      now += 90_000;
      await log.append('busy', [said('still here')]);
      const idle = (time: number) =>
        log
          .listSessions({ inactiveSince: new Date(time).toISOString() })
          .then(({ items }) => items.map(({ id }) => id));
      expect(await idle(now)).toEqual(['old']);
      expect(await idle(now + 1)).toEqual(['old', 'busy']);
      expect(await idle(Date.UTC(2026, 0, 1))).toEqual([]);
      await expect(log.listSessions({ inactiveSince: 'yesterday' })).rejects.toThrow(RangeError);
    });

    it.each(['asc', 'desc'] as const)(
      'are walked page by page, %s, while sessions come and go',
      async (sort) => {
        await using store = await open();
        const { log } = store;
        const ids = upTo(25).map((n) => `s${String(n).padStart(2, '0')}`);
        for (const id of ids) void log.createSession({ id, agentId: 'echo', customerId: 'guest' });
        await log.check();
        const seen: string[] = [];
        const left: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await log.listSessions({ sort, limit: 10, ...(cursor !== undefined && { cursor }) });
          seen.push(...page.items.map(({ id }) => id));
          left.push(page.totalCount);
          cursor = page.nextCursor ?? undefined;
          await log.deleteSession(seen.at(-1) ?? '');
        } while (cursor !== undefined);
        expect(seen).toEqual(sort === 'asc' ? ids : ids.toReversed());
        expect(left).toEqual([25, 15, 5]);
      },
    );

    it('have no next page when they end exactly with one', async () => {
      expect(await four.log.listSessions({ limit: 4 })).toMatchObject({ totalCount: 4, nextCursor: null });
    });

    it('are counted', async () => {
      const { log } = four;
      expect(await log.countSessions({})).toBe(4);
      expect(await log.countSessions({ customerId: 'ann' })).toBe(2);
      expect(await log.countSessions({ agentId: 'other', customerId: 'bob' })).toBe(1);
      expect(await log.countSessions({ lifecycle: 'POLLING' })).toBe(1);
    });

    it('tell whoever listens what each commit has made of a session, and nothing of one that failed', async () => {
      await using store = await open();
      const { log } = store;
      const told: unknown[] = [];
      const stop = log.onChanged((before, after) =>
        told.push(
          [before, after].map((record) => record && [record.customerId, record.title, record.nextOffset]),
        ),
      );
      const id = await createSession(log);
      await log.append(id, [said('a'), said('b')]);
      await Promise.all([log.updateSession(id, { title: 'new' }), log.append(id, [said('c')])]);
      await log.updateSession(id, { customerId: 'bob' });
      await log.deleteSession(id);
      await expect(log.append(id, [said('late')])).rejects.toThrow(SessionNotFoundError);
      void log.createSession({ id: 'brief', agentId: 'echo', customerId: 'guest' });
      await log.deleteSession('brief');
      await log.check();
      expect(told).toEqual([
        [undefined, ['guest', null, 0]],
        [
          ['guest', null, 0],
          ['guest', null, 2],
        ],
        [
          ['guest', null, 2],
          ['guest', 'new', 3],
        ],
        [
          ['guest', 'new', 3],
          ['bob', 'new', 3],
        ],
        [['bob', 'new', 3], undefined],
      ]);
      stop();
      await createSession(log, 'unheard');
      expect(told).toHaveLength(5);
    });

    it('find unfinished sessions until their last turn is over', async () => {
      await using store = await open();
      const { log } = store;
      const id = await createSession(log);
      const unfinished = async () => (await log.listSessions({ unfinished: true })).items.length;
      expect(await unfinished()).toBe(0);
      await log.append(id, [said('q', { trace_id: 'r' })], { admit: () => 'trigger' });
      expect(await unfinished()).toBe(1);
      await log.openRun(id, { runId: 'r', attempt: 1, triggerOffset: 0 });
      expect(await unfinished()).toBe(1);
      await log.closeRun(id, { runId: 'r' }, [said('ready')]);
      expect(await unfinished()).toBe(0);
    });
  });
}

/** a and c are ann's, b and d are bob's; c and d talk to another agent; a waits for a turn, d is in one; b spoke last. */
async function fourSessions(log: Log): Promise<void> {
  void log.createSession({ id: 'a', agentId: 'echo', customerId: 'ann', labels: ['x'] });
  void log.createSession({ id: 'b', agentId: 'echo', customerId: 'bob', labels: ['x', 'y'] });
  void log.createSession({ id: 'c', agentId: 'other', customerId: 'ann' });
  void log.createSession({ id: 'd', agentId: 'other', customerId: 'bob', labels: ['y'] });
  void log.append('a', [said('q')], { admit: () => 'trigger' });
  void log.openRun('d', { runId: 'r', attempt: 1, triggerOffset: 0 });
  void log.setLifecycle('b', 'POLLING', null);
  await log.append('b', [said('last')]);
}

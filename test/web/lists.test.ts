import { describe, expect, it } from 'vitest';
import { applyLiveNews, emptyLive } from '../../src/web/state/live-list.ts';
import { applyListNews, emptyList } from '../../src/web/state/session-list.ts';
import type { LiveSession, Session } from '../../src/web/wire.ts';

const session = (id: string, minute: number, more: Partial<Session> = {}): Session => ({
  id,
  agent_id: 'echo',
  customer_id: 'ann',
  title: null,
  mode: 'auto',
  interruption: null,
  state: 'POLLING',
  creation_utc: '2026-01-01T00:00:00.000000Z',
  last_activity_utc: `2026-01-01T00:0${minute}:00.000000Z`,
  ...more,
});

const live = (id: string, minute: number): LiveSession => ({
  session_id: id,
  agent_id: 'echo',
  customer_id: 'ann',
  state: 'POLLING',
  turn: 'idle',
  mode: 'auto',
  since: `2026-01-01T00:0${minute}:00.000Z`,
  followers: 1,
  queue_depth: 0,
  last_offset: 0,
  last_poll_utc: null,
  lag_ms: null,
});

const whole = { type: 'sessions', sessions: [session('b', 2), session('a', 1)], has_more: false } as const;
const ids = ({ sessions }: { readonly sessions: readonly Session[] }) => sessions.map(({ id }) => id);

describe("the list of one's own sessions", () => {
  it('is unknown before it was heard, and not empty', () => {
    expect({ before: emptyList.isKnown, after: applyListNews(emptyList, [whole]).isKnown }).toEqual({
      before: false,
      after: true,
    });
  });

  it('has the latest activity first, whatever changes', () => {
    const list = applyListNews(emptyList, [whole, { type: 'session', session: session('a', 3) }]);
    expect(ids(list)).toEqual(['a', 'b']);
    expect(ids(applyListNews(list, [{ type: 'session', session: session('new', 4) }]))).toEqual([
      'new',
      'a',
      'b',
    ]);
  });

  it('has a session as it was changed, once', () => {
    const renamed = session('b', 2, { title: 'Tea' });
    const list = applyListNews(emptyList, [whole, { type: 'session', session: renamed }]);
    expect(list.sessions).toEqual([renamed, session('a', 1)]);
  });

  it('loses what was deleted', () => {
    expect(ids(applyListNews(emptyList, [whole, { type: 'deleted', id: 'b' }]))).toEqual(['a']);
  });

  it('begins anew with every stream', () => {
    const again = { type: 'sessions', sessions: [session('c', 5)], has_more: true } as const;
    expect(applyListNews(emptyList, [whole, again])).toMatchObject({
      sessions: [{ id: 'c' }],
      hasMore: true,
    });
  });
});

describe('the list of live sessions', () => {
  it('has those first that moved last, and loses those that left memory', () => {
    const list = applyLiveNews(emptyLive, [
      { type: 'sessions', sessions: [live('b', 2), live('a', 1)] },
      { type: 'session', session: live('a', 3) },
      { type: 'session', session: live('c', 1) },
      { type: 'left', id: 'b' },
    ]);
    expect(list.sessions.map(({ session_id }) => session_id)).toEqual(['a', 'c']);
  });
});

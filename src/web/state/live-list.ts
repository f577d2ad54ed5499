/** The sessions in the server's memory, those that moved last first: a fold over `GET /api/live` (docs/streaming.md). */
import type { LiveSession } from '../wire.ts';

export type LiveList = {
  readonly sessions: readonly LiveSession[];
  /** Whether the list was heard at all. */
  readonly isKnown: boolean;
};

export type LiveNews =
  | { readonly type: 'sessions'; readonly sessions: readonly LiveSession[] }
  | { readonly type: 'session'; readonly session: LiveSession }
  | { readonly type: 'left'; readonly id: string };

export const emptyLive: LiveList = { sessions: [], isKnown: false };

export function applyLiveNews(list: LiveList, news: readonly LiveNews[]): LiveList {
  return news.reduce(applyOne, list);
}

function applyOne(list: LiveList, news: LiveNews): LiveList {
  switch (news.type) {
    case 'sessions':
      return { sessions: news.sessions, isKnown: true };
    case 'session':
      return {
        ...list,
        sessions: [news.session, ...without(list.sessions, news.session.session_id)].toSorted(byLatest),
      };
    default:
      return { ...list, sessions: without(list.sessions, news.id) };
  }
}

function without(sessions: readonly LiveSession[], id: string): readonly LiveSession[] {
  return sessions.filter(({ session_id }) => session_id !== id);
}

function byLatest(a: LiveSession, b: LiveSession): number {
  return Date.parse(b.since) - Date.parse(a.since);
}

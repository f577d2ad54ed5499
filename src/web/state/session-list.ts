/** The user's own sessions, latest activity first: a fold over `GET /api/me/events` (docs/streaming.md). */
import type { Session } from '../wire.ts';

export type SessionList = {
  readonly sessions: readonly Session[];
  /** Whether there are older ones that are not listed. */
  readonly hasMore: boolean;
  /** Whether the list was heard at all. */
  readonly isKnown: boolean;
};

export type ListNews =
  | { readonly type: 'sessions'; readonly sessions: readonly Session[]; readonly has_more: boolean }
  | { readonly type: 'session'; readonly session: Session }
  | { readonly type: 'deleted'; readonly id: string };

export const emptyList: SessionList = { sessions: [], hasMore: false, isKnown: false };

/** What a session is called. */
export function titleOf({ title }: Pick<Session, 'title'>): string {
  return title === null || title === '' ? 'New conversation' : title;
}

export function applyListNews(list: SessionList, news: readonly ListNews[]): SessionList {
  return news.reduce(applyOne, list);
}

function applyOne(list: SessionList, news: ListNews): SessionList {
  switch (news.type) {
    case 'sessions':
      return { sessions: news.sessions, hasMore: news.has_more, isKnown: true };
    case 'session':
      return { ...list, sessions: sorted([news.session, ...without(list.sessions, news.session.id)]) };
    default:
      return { ...list, sessions: without(list.sessions, news.id) };
  }
}

function without(sessions: readonly Session[], id: string): readonly Session[] {
  return sessions.filter((session) => session.id !== id);
}

/** Times of one length and zone: as texts they are in order. */
function sorted(sessions: readonly Session[]): readonly Session[] {
  return sessions.toSorted((a, b) => compare(b.last_activity_utc, a.last_activity_utc));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

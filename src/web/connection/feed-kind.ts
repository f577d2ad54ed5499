/** What the page can follow, and how each is read and kept: the same where it is read, and in the tabs, which show it. */
import type { EventSourceMessage } from 'eventsource-parser';
import { applyLiveNews, emptyLive, type LiveList, type LiveNews } from '../state/live-list.ts';
import { applyListNews, emptyList, type ListNews, type SessionList } from '../state/session-list.ts';
import { applyFrames, emptyLog, type SessionLog } from '../state/session-log.ts';
import { turnOf } from '../state/turn.ts';
import type { Frame } from '../wire.ts';
import { toFrame, toListNews, toLiveNews } from './read-frames.ts';

export type FeedKind<State, News> = {
  readonly path: string;
  readonly empty: State;
  /** Undefined for a message that is not understood. */
  readonly read: (message: EventSourceMessage) => News | undefined;
  readonly apply: (state: State, news: readonly News[]) => State;
  /** Where to go on; undefined: from the beginning. */
  readonly resumeId: (state: State) => string | undefined;
  /** Lists are never without a connection: they tell who else needs one. */
  readonly isList: boolean;
  /** More is about to come. */
  readonly isBusy: (state: State) => boolean;
  /** The sessions that this is news of. */
  readonly sessionsIn: (news: readonly News[]) => readonly string[];
};

export function sessionFeed(sessionId: string): FeedKind<SessionLog, Frame> {
  return {
    path: `/sessions/${encodeURIComponent(sessionId)}/events?turns=true`,
    empty: emptyLog,
    read: toFrame,
    apply: applyFrames,
    resumeId: ({ lastOffset }) => (lastOffset < 0 ? undefined : String(lastOffset)),
    isList: false,
    isBusy: ({ events }) => turnOf(events).isBusy,
    sessionsIn: () => [],
  };
}

const list = { isList: true, isBusy: () => false, resumeId: () => undefined } as const;

/** Comes whole at the beginning of each stream. */
export const ownSessionsFeed: FeedKind<SessionList, ListNews> = {
  ...list,
  path: '/api/me/events?limit=200',
  empty: emptyList,
  read: toListNews,
  apply: applyListNews,
  sessionsIn: (news) =>
    news.flatMap((each) => {
      if (each.type === 'sessions') return each.sessions.map(({ id }) => id);
      return each.type === 'session' ? [each.session.id] : [each.id];
    }),
};

/** Comes whole at the beginning of each stream. */
export const liveSessionsFeed: FeedKind<LiveList, LiveNews> = {
  ...list,
  path: '/api/live',
  empty: emptyLive,
  read: toLiveNews,
  apply: applyLiveNews,
  sessionsIn: (news) =>
    news.flatMap((each) => {
      if (each.type === 'sessions') return each.sessions.map(({ session_id }) => session_id);
      return each.type === 'session' ? [each.session.session_id] : [each.id];
    }),
};

/** One thing that is followed, by however many tabs: one stream, one state, and everybody is told what came. */
import { headersOf, type Identity } from '../identity.ts';
import type { FeedKind } from './feed-kind.ts';
import type { FromHub } from './protocol.ts';
import { type ConnectionState, openStream, type ResumingStream } from './resuming-stream.ts';
import type { Slotted } from './slots.ts';

/** One tab that follows. */
export type Listener = { readonly tell: (message: Told) => void };
/** A message without the tab's number. */
export type Told = FromHub extends infer Message
  ? Message extends FromHub
    ? Omit<Message, 'n'>
    : never
  : never;

export interface Feed extends Slotted {
  /** Tells the newcomer all there is. */
  join(listener: Listener): void;
  leave(listener: Listener): void;
  readonly isFollowed: boolean;
  /** The stream waits no longer before it tries again. */
  nudge(): void;
}

/** A stream that said nothing for so long is quiet. */
const QUIET_MS = 1_000;

export type FeedOptions<State, News> = {
  readonly kind: FeedKind<State, News>;
  readonly identity: Identity;
  /** There is news of these sessions. */
  readonly onSessions: (sessionIds: readonly string[]) => void;
};

export function createFeed<State, News>({ kind, identity, onSessions }: FeedOptions<State, News>): Feed {
  const listeners = new Set<Listener>();
  let state = kind.empty;
  let connection: ConnectionState = { status: 'connecting' };
  let stream: ResumingStream | undefined;
  let heardAt = 0;

  return {
    isPinned: kind.isList,
    join(listener) {
      listeners.add(listener);
      listener.tell({ type: 'state', state });
      listener.tell({ type: 'connection', connection });
    },
    leave: (listener) => void listeners.delete(listener),
    get isFollowed() {
      return listeners.size > 0;
    },
    connect() {
      if (stream) return;
      heardAt = Date.now();
      stream = openStream({
        url: kind.path,
        headers: headersOf(identity),
        lastEventId: () => kind.resumeId(state),
        onMessages(messages) {
          heardAt = Date.now();
          take(messages.map(kind.read).filter((news) => news !== undefined));
        },
        onState(now) {
          // Coming back from having been parked is nothing to speak of.
          if (now.status === 'connecting' && connection.status === 'open') return;
          connection = now;
          tell({ type: 'connection', connection });
        },
      });
    },
    park() {
      stream?.close();
      stream = undefined;
    },
    isQuiet() {
      if (connection.status === 'closed') return true;
      return connection.status === 'open' && !kind.isBusy(state) && Date.now() - heardAt > QUIET_MS;
    },
    nudge: () => stream?.nudge(),
  };

  function take(news: readonly News[]): void {
    if (news.length === 0) return;
    state = kind.apply(state, news);
    tell({ type: 'news', news });
    onSessions(kind.sessionsIn(news));
  }

  function tell(message: Told): void {
    for (const listener of listeners) listener.tell(message);
  }
}

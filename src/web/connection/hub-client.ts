/** A tab's end of the hub: it says what it wants to follow, and keeps the state of each as the hub does. */
import type { Identity } from '../identity.ts';
import type { FeedKind } from './feed-kind.ts';
import type { FromHub, ToHub, Topic } from './protocol.ts';
import type { ConnectionState } from './resuming-stream.ts';

export type Followed<State> = {
  readonly topic: Topic;
  readonly identity: Identity;
  readonly onState: (state: State) => void;
  readonly onConnection: (connection: ConnectionState) => void;
};

export interface HubClient {
  /** Returns the way to leave. */
  follow<State, News>(kind: FeedKind<State, News>, followed: Followed<State>): () => void;
}

/** What comes within a frame of the screen is shown together. */
const TOGETHER_MS = 16;

export function createHubClient(port: MessagePort): HubClient {
  const listeners = new Map<number, (message: FromHub) => void>();
  let last = 0;
  port.addEventListener('message', ({ data }: { readonly data: FromHub }) => listeners.get(data.n)?.(data));
  port.start();

  return {
    follow(kind, { topic, identity, onState, onConnection }) {
      const n = ++last;
      listeners.set(n, listenTo(kind, { onState, onConnection }));
      post(port, { type: 'follow', n, topic, identity });
      return () => {
        listeners.delete(n);
        post(port, { type: 'leave', n });
      };
    },
  };
}

type Callbacks<State> = Pick<Followed<State>, 'onState' | 'onConnection'>;

function listenTo<State, News>(kind: FeedKind<State, News>, { onState, onConnection }: Callbacks<State>) {
  let state = kind.empty;
  let news: News[] = [];
  const show = (): void => {
    if (news.length === 0) return;
    state = kind.apply(state, news);
    news = [];
    onState(state);
  };
  return (message: FromHub): void => {
    if (message.type === 'connection') return onConnection(message.connection);
    if (message.type === 'state') {
      state = message.state as State; // copied from the hub's, which is of the same kind
      return onState(state);
    }
    if (news.length === 0) setTimeout(show, TOGETHER_MS);
    news.push(...(message.news as readonly News[])); // the same
  };
}

function post(port: MessagePort, message: ToHub): void {
  port.postMessage(message);
}

/**
 * Reads the server's streams for all tabs: each thing once, however many follow it. It runs in a SharedWorker, or, where there is none, in
 * the tab itself.
 */
import { keyOf, type Identity } from '../identity.ts';
import { createFeed, type Feed, type Listener } from './feed.ts';
import { liveSessionsFeed, ownSessionsFeed, sessionFeed } from './feed-kind.ts';
import type { FromHub, ToHub, Topic } from './protocol.ts';
import { createSlots, type Slots } from './slots.ts';

export interface Hub {
  /** A tab comes. */
  attach(port: MessagePort): void;
}

/** Of the six connections that a browser keeps to a server: one is for commands. */
const usualSlots = { limit: 5, turnMs: 3_000, lookMs: 300 };

type Follow = Extract<ToHub, { type: 'follow' }>;
type Followed = { readonly feed: Feed; readonly leave: () => void };

export function createHub({ slots = createSlots(usualSlots) }: { readonly slots?: Slots } = {}): Hub {
  const feeds = new Map<string, Feed>();

  return {
    attach(port) {
      const followed = new Map<number, Followed>();
      port.addEventListener('message', ({ data }: { readonly data: ToHub }) => {
        switch (data.type) {
          case 'follow':
            return void followed.set(data.n, follow(port, data));
          case 'leave':
            return leave(data.n);
          case 'wake':
            return wake();
          case 'sleep':
            return slots.sleep();
          case 'alive':
            return void navigator.locks.request(data.lock, bye);
          case 'bye':
            return bye();
        }
      });
      port.start();

      function leave(n: number): void {
        followed.get(n)?.leave();
        followed.delete(n);
      }

      function wake(): void {
        slots.wake();
        for (const { feed } of followed.values()) {
          slots.call(feed);
          feed.nudge();
        }
      }

      function bye(): void {
        for (const n of followed.keys()) leave(n);
      }
    },
  };

  function follow(port: MessagePort, { n, topic, identity }: Follow): Followed {
    const key = keyFor(identity, topic);
    const feed = feeds.get(key) ?? open(identity, topic);
    const listener: Listener = { tell: (told) => port.postMessage({ ...told, n } satisfies FromHub) };
    feed.join(listener);
    const leave = (): void => {
      feed.leave(listener);
      if (feed.isFollowed) return;
      feeds.delete(key);
      slots.leave(feed);
    };
    return { feed, leave };
  }

  function open(identity: Identity, topic: Topic): Feed {
    const feed = feedOf(identity, topic, (sessionIds) => call(identity, sessionIds));
    feeds.set(keyFor(identity, topic), feed);
    slots.enter(feed);
    return feed;
  }

  /** A list tells of them: those that are followed want to hear it. */
  function call(identity: Identity, sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) {
      const feed = feeds.get(keyFor(identity, { of: 'session', sessionId }));
      if (feed) slots.call(feed);
    }
  }
}

function keyFor(identity: Identity, topic: Topic): string {
  return `${keyOf(identity)} ${JSON.stringify(topic)}`;
}

function feedOf(identity: Identity, topic: Topic, onSessions: (sessionIds: readonly string[]) => void): Feed {
  switch (topic.of) {
    case 'session':
      return createFeed({ kind: sessionFeed(topic.sessionId), identity, onSessions });
    case 'ownSessions':
      return createFeed({ kind: ownSessionsFeed, identity, onSessions });
    default:
      return createFeed({ kind: liveSessionsFeed, identity, onSessions });
  }
}

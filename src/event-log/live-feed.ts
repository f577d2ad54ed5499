/**
 * Who follows which session. What happens is told here, in order and only once it is committed, to every follower of the session;
 * each keeps its own place (`follower.ts`). A session nobody follows costs nothing but the text being made.
 */
import { isGrowing } from './event.ts';
import type { EventFilter } from './event-log.ts';
import { Follower, type Followed } from './follower.ts';
import type { Chunk, StateFrame, TurnFrame } from './frame.ts';
import type { SqliteReader } from './sqlite-reader.ts';
import { frameOf, type StoredEvent } from './stored-event.ts';
import { TextSoFar } from './text-so-far.ts';

/** What followers may hear of. `runChanged`: the text of the run before is given up. */
export type News =
  | { readonly type: 'event'; readonly stored: StoredEvent }
  | { readonly type: 'updated'; readonly stored: StoredEvent }
  | { readonly type: 'chunk'; readonly chunk: Chunk }
  | { readonly type: 'removed'; readonly from: number }
  | { readonly type: 'state'; readonly state: StateFrame; readonly json: string }
  | { readonly type: 'turn'; readonly turn: TurnFrame }
  | { readonly type: 'runChanged' }
  | { readonly type: 'deleted' };

type Hub = { readonly followed: Followed; readonly followers: Set<Follower> };

export class LiveFeed {
  readonly #reader: SqliteReader;
  readonly #onFollowers: (sessionId: string, followers: number) => void;
  readonly #hubs = new Map<string, Hub>();
  readonly #texts = new TextSoFar();

  constructor(reader: SqliteReader, onFollowers: (sessionId: string, followers: number) => void) {
    this.#reader = reader;
    this.#onFollowers = onFollowers;
  }

  followers(sessionId: string): number {
    return this.#hubs.get(sessionId)?.followers.size ?? 0;
  }

  /** `key` and `next`: the session's number in the file and the offset up to which everything was told. */
  follow(
    session: { readonly id: string; readonly key: number; readonly next: number },
    options: EventFilter & { readonly after: number; readonly signal: AbortSignal },
  ): Follower {
    const hub = this.#hubs.get(session.id) ?? this.#open(session);
    const follower = new Follower(hub.followed, options, () => this.#leave(session.id, hub, follower));
    if (options.signal.aborted) return follower;
    hub.followers.add(follower);
    this.#onFollowers(session.id, hub.followers.size);
    return follower;
  }

  /** Tells what was committed; `next` is the session's next offset after it. */
  tell(sessionId: string, next: number, news: readonly News[]): void {
    const hub = this.#hubs.get(sessionId);
    if (hub) hub.followed.next = next;
    for (const each of news) this.#tell(sessionId, hub, each);
  }

  /** Tells what is not stored. */
  announce(sessionId: string, news: News): void {
    this.#tell(sessionId, this.#hubs.get(sessionId), news);
  }

  /** Ends every follower, after what it was told already. */
  close(): void {
    for (const { followers } of this.#hubs.values()) for (const follower of followers) follower.end();
  }

  #tell(sessionId: string, hub: Hub | undefined, news: News): void {
    this.#keepText(sessionId, news);
    if (!hub || news.type === 'runChanged') return;
    if (news.type === 'deleted') {
      for (const follower of hub.followers) follower.end({ type: 'removed', from: 0 });
      return;
    }
    const frame = news.type === 'event' || news.type === 'updated' ? frameOf(news.type, news.stored) : news;
    for (const follower of hub.followers) follower.tell(frame);
  }

  #keepText(sessionId: string, news: News): void {
    switch (news.type) {
      case 'event':
        if (news.stored.event.kind === 'message' && !isGrowing(news.stored.event))
          this.#texts.said(sessionId, news.stored.event.id);
        return;
      case 'chunk':
        return this.#texts.add(sessionId, news.chunk);
      case 'runChanged':
      case 'deleted':
        return this.#texts.drop(sessionId);
      default:
    }
  }

  #open({ id, key, next }: { id: string; key: number; next: number }): Hub {
    const followed: Followed = {
      next,
      page: (query) => this.#reader.page(key, query),
      event: (offset) => this.#reader.eventAt(key, offset),
      text: () => this.#texts.of(id),
    };
    const hub: Hub = { followed, followers: new Set() };
    this.#hubs.set(id, hub);
    return hub;
  }

  #leave(sessionId: string, hub: Hub, follower: Follower): void {
    if (!hub.followers.delete(follower)) return;
    if (hub.followers.size === 0 && this.#hubs.get(sessionId) === hub) this.#hubs.delete(sessionId);
    this.#onFollowers(sessionId, hub.followers.size);
  }
}

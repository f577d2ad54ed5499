/** What an operator can do with a live session: look into it, take it over, answer in it, hand it back. */
import { createApi } from '../api.ts';
import { liveSessionsFeed, sessionFeed } from '../connection/feed-kind.ts';
import type { HubClient } from '../connection/hub-client.ts';
import type { Identity } from '../identity.ts';
import type { SessionMode } from '../wire.ts';
import { createOperationsStore } from './operations-store.ts';

export type Desk = ReturnType<typeof createDesk>;

export type DeskOptions = { readonly hub: HubClient; readonly identity: Identity };

export function createDesk({ hub, identity }: DeskOptions) {
  const store = createOperationsStore({ identity });
  const api = createApi(identity);
  let leaveLog = (): void => {};

  return {
    store,

    /** Returns the way to leave. */
    watch: () =>
      hub.follow(liveSessionsFeed, {
        topic: { of: 'liveSessions' },
        identity,
        onState: (live) => store.trigger.liveChanged({ live }),
        onConnection: (connection) => store.trigger.liveConnected({ connection }),
      }),

    open: (id: string | null): void => {
      leaveLog();
      store.trigger.opened({ id });
      leaveLog = id === null ? () => {} : followLog(id);
    },

    /** `manual`: a person answers, not the agent. */
    setMode: (id: string, mode: SessionMode) => attempt(() => api.change(id, { mode })),

    answer: (id: string, { text, sender }: { readonly text: string; readonly sender: string }) =>
      attempt(() => api.say(id, { text, sender, key: crypto.randomUUID() })),

    /** Gives up the turn under way. */
    cancel: (id: string) => attempt(() => api.cancel(id)),
  };

  function followLog(sessionId: string): () => void {
    return hub.follow(sessionFeed(sessionId), {
      topic: { of: 'session', sessionId },
      identity,
      onState: (log) => store.trigger.logChanged({ log }),
      onConnection: (connection) => store.trigger.logConnected({ connection }),
    });
  }

  /** False where it failed: then the operator is told why. */
  async function attempt(command: () => Promise<unknown>): Promise<boolean> {
    const complaint = await command().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    store.trigger.complained({ complaint });
    return complaint === null;
  }
}

/**
 * What a user can do, as functions: each tells the server and leaves the rest to the streams. The store is what the views show; nothing
 * else changes it.
 */
import { createApi, RefusedError, type SessionChange } from './api.ts';
import { ownSessionsFeed, sessionFeed } from './connection/feed-kind.ts';
import type { HubClient } from './connection/hub-client.ts';
import { createDelivery } from './delivery.ts';
import { asOperator, type Identity } from './identity.ts';
import type { Choice, PageStore, Theme } from './state/page-store.ts';
import type { Session } from './wire.ts';

export type Page = ReturnType<typeof createPage>;

const TITLE_CHARS = 60;

export function createPage({ store, hub }: { readonly store: PageStore; readonly hub: HubClient }) {
  let leaveList = (): void => {};
  let leaveLog = (): void => {};
  const delivery = createDelivery({ store, apiOf: () => createApi(identity()) });
  const rowActions = {
    retry: (text: string): void => void send(text),
    resend: delivery.resend,
    discard: delivery.discard,
  };
  followList();
  followLog();
  void learnAgents();

  return {
    store,

    identify(next: Identity): void {
      leaveLog();
      leaveList();
      store.trigger.identified({ identity: next });
      followList();
      void learnAgents();
    },

    open,

    /** Resolves with its id; undefined where the server refused. */
    createSession,

    send,
    rowActions,

    /** Gives up the turn under way. */
    cancel: (id: string) => attempt(() => createApi(identity()).cancel(id)),
    start: (id: string) => attempt(() => createApi(identity()).start(id)),
    stop: (id: string) => attempt(() => createApi(identity()).stop(id)),
    rename: (id: string, title: string) => attempt(() => createApi(identity()).change(id, { title })),

    async remove(id: string): Promise<void> {
      if (state().openId === id) open(null);
      await attempt(() => createApi(identity()).remove(id));
    },

    /** What only operators may change. */
    configure: (id: string, change: SessionChange) =>
      attempt(() => createApi(asOperator(identity())).change(id, change)),

    choose: (choice: Partial<Choice>) => store.trigger.chosen({ choice }),
    chooseTheme: (theme: Theme) => store.trigger.themeChosen({ theme }),
    dismiss: () => store.trigger.complained({ complaint: null }),
  };

  function state() {
    return store.getSnapshot().context;
  }

  function identity(): Identity {
    return state().identity;
  }

  function open(id: string | null): void {
    if (id === state().openId) return;
    leaveLog();
    store.trigger.opened({ id });
    followLog();
  }

  /** In the session that is shown, or a new one. */
  async function send(text: string): Promise<void> {
    const id = state().openId ?? (await createSession());
    if (id === undefined) return;
    delivery.send(id, text);
    await nameAfter(id, text);
  }

  async function createSession(): Promise<string | undefined> {
    const { choice, agents } = state();
    const agentId = choice.agentId ?? agents[0]?.id;
    if (agentId === undefined) return undefined;
    const made = await attempt(() =>
      createApi(identity()).create({ agentId, interruption: choice.interruption }),
    );
    if (made) open(made.id);
    return made?.id;
  }

  function followList(): void {
    leaveList = hub.follow(ownSessionsFeed, {
      topic: { of: 'ownSessions' },
      identity: identity(),
      onState: (list) => store.trigger.listChanged({ list }),
      onConnection: (connection) => store.trigger.listConnected({ connection }),
    });
  }

  function followLog(): void {
    const { openId } = state();
    leaveLog = () => {};
    if (openId === null) return;
    leaveLog = hub.follow(sessionFeed(openId), {
      topic: { of: 'session', sessionId: openId },
      identity: identity(),
      onState(log) {
        store.trigger.logChanged({ log });
        delivery.shown(openId, log.events);
      },
      onConnection(connection) {
        store.trigger.logConnected({ connection });
        if (connection.status === 'open') delivery.resendOffline();
      },
    });
  }

  async function learnAgents(): Promise<void> {
    const agents = await attempt(() => createApi(identity()).agents());
    if (agents) store.trigger.agentsKnown({ agents });
  }

  /** A session without a title is called after the first thing that is said in it. */
  async function nameAfter(id: string, text: string): Promise<void> {
    const session = sessionOf(id);
    if (session && session.title !== null) return;
    const title = text.replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_CHARS);
    await attempt(() => createApi(identity()).change(id, { title }));
  }

  function sessionOf(id: string): Session | undefined {
    return state().list.sessions.find((session) => session.id === id);
  }

  /** Undefined where it failed: then the user is told why. */
  async function attempt<Answer>(command: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await command();
      store.trigger.complained({ complaint: null });
      return answer;
    } catch (error) {
      // Who is not signed in sees that already, and where to do so.
      if (!(error instanceof RefusedError && error.code === 'UNAUTHENTICATED')) {
        store.trigger.complained({ complaint: error instanceof Error ? error.message : String(error) });
      }
      return undefined;
    }
  }
}

/**
 * What a user can do, as functions: each tells the server and leaves the rest to the streams. The store is what the views show; nothing
 * else changes it.
 */
import { createApi, RefusedError, type SessionChange, UnreachableError } from './api.ts';
import { ownSessionsFeed, sessionFeed } from './connection/feed-kind.ts';
import type { HubClient } from './connection/hub-client.ts';
import { createDelivery } from './delivery.ts';
import { asOperator, type Identity } from './identity.ts';
import { type Choice, openSession, type PageStore, type Theme } from './state/page-store.ts';

export type Page = ReturnType<typeof createPage>;

/** `viewKey`: the view that it is shown in; default: one of its own. */
type View = { readonly viewKey?: string };

const TITLE_CHARS = 60;

export function createPage({ store, hub }: { readonly store: PageStore; readonly hub: HubClient }) {
  let leaveList = (): void => {};
  let leaveLog = (): void => {};
  /** Made here, and not called anything yet. */
  const untitled = new Set<string>();
  const delivery = createDelivery({ store, apiOf: () => createApi(identity()) });
  const rowActions = {
    retry: (text: string): void => void send(text),
    resend: delivery.resend,
    discard: delivery.discard,
  };
  followList();
  followLog();

  return {
    store,

    identify(next: Identity): void {
      leaveLog();
      leaveList();
      store.trigger.identified({ identity: next });
      followList();
    },

    open: (id: string | null): void => open(id),

    /** Resolves with its id; undefined where the server refused. */
    createSession: () => createSession(),

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

  function open(id: string | null, { viewKey = id ?? '' }: View = {}): void {
    if (id === state().openId) return;
    leaveLog();
    store.trigger.opened({ id, viewKey });
    followLog();
  }

  /** In the session that is shown, or a new one. False: there is none, and could none be made. */
  async function send(text: string): Promise<boolean> {
    const { openId, viewKey } = state();
    const id = openId ?? (await createSession({ viewKey }));
    if (id === undefined) return false;
    delivery.send(id, text);
    void nameAfter(id, text);
    return true;
  }

  async function createSession(view: View = {}): Promise<string | undefined> {
    const { choice } = state();
    const made = await attempt(async () => {
      if (state().agents.length === 0) await learnAgents();
      const { agents } = state();
      const agent = agents.find(({ id }) => id === choice.agentId) ?? agents[0];
      if (!agent) throw new UnreachableError('The server cannot be reached.');
      return createApi(identity()).create({ agentId: agent.id, interruption: choice.interruption });
    });
    if (!made) return undefined;
    untitled.add(made.id);
    open(made.id, view);
    return made.id;
  }

  function followList(): void {
    leaveList = hub.follow(ownSessionsFeed, {
      topic: { of: 'ownSessions' },
      identity: identity(),
      onState(list) {
        const isFirst = !state().list.isKnown;
        store.trigger.listChanged({ list });
        if (isFirst) void learnUnlisted();
      },
      onConnection(connection) {
        store.trigger.listConnected({ connection });
        if (connection.status === 'open' && state().agents.length === 0) void learnAgents();
      },
    });
  }

  function followLog(): void {
    const { openId } = state();
    leaveLog = () => {};
    if (openId === null) return;
    void learnUnlisted();
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
    const agents = await createApi(identity()).agents().catch(ignore);
    if (agents) store.trigger.agentsKnown({ agents });
  }

  /** The open session, where the list has room for later ones only. */
  async function learnUnlisted(): Promise<void> {
    const { openId, list } = state();
    if (openId === null || !list.isKnown || openSession(state())) return;
    const session = await createApi(identity()).session(openId).catch(ignore);
    if (session) store.trigger.unlistedKnown({ session });
  }

  /** A session without a title is called after the first thing that is said in it. */
  async function nameAfter(id: string, text: string): Promise<void> {
    const isUntitled = untitled.delete(id) || openSession(state())?.title === null;
    if (!isUntitled) return;
    const title = text.replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_CHARS);
    await attempt(() => createApi(identity()).change(id, { title }));
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

/** It is asked for again when the connection is there again. */
function ignore(): undefined {
  return undefined;
}

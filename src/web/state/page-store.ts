/** What the page knows, in one store: views select from it, and only `page.ts` changes it. */
import { createStore } from '@xstate/store';
import type { ConnectionState } from '../connection/resuming-stream.ts';
import type { Identity } from '../identity.ts';
import type { Agent, Interruption, Session } from '../wire.ts';
import type { Outgoing } from './outbox.ts';
import { emptyList, type SessionList } from './session-list.ts';
import { emptyLog, type SessionLog } from './session-log.ts';

export type Theme = 'system' | 'light' | 'dark';

/** What a new session is made with. */
export type Choice = {
  readonly agentId: string | null;
  /** null: the agent's own policy. */
  readonly interruption: Interruption | null;
};

export type PageState = {
  readonly identity: Identity;
  readonly theme: Theme;
  readonly choice: Choice;
  readonly agents: readonly Agent[];
  readonly list: SessionList;
  readonly listConnection: ConnectionState;
  /** The session that is shown; null: none. */
  readonly openId: string | null;
  /** What the view of the conversation is known by: a session made by its first message goes on in the same view. */
  readonly viewKey: string;
  /** The open session where the list does not have it: an old one. */
  readonly unlisted: Session | null;
  readonly log: SessionLog;
  readonly logConnection: ConnectionState;
  readonly outbox: readonly Outgoing[];
  /** Why the last command had no effect; null: it had. */
  readonly complaint: string | null;
};

const connecting: ConnectionState = { status: 'connecting' };

export type PageStore = ReturnType<typeof createPageStore>;

export function createPageStore(
  known: Pick<PageState, 'identity' | 'theme' | 'choice' | 'openId' | 'outbox'>,
) {
  const context: PageState = {
    ...known,
    viewKey: known.openId ?? '',
    unlisted: null,
    agents: [],
    list: emptyList,
    listConnection: connecting,
    log: emptyLog,
    logConnection: connecting,
    complaint: null,
  };
  return createStore({
    context,
    on: {
      /** As somebody else: nothing of the one before is left. */
      identified: (state, { identity }: { identity: Identity }): PageState => ({
        ...state,
        identity,
        list: emptyList,
        listConnection: connecting,
        openId: null,
        viewKey: '',
        unlisted: null,
        outbox: [],
        log: emptyLog,
        logConnection: connecting,
        complaint: null,
      }),
      opened: (state, { id, viewKey }: { id: string | null; viewKey: string }): PageState => ({
        ...state,
        openId: id,
        viewKey,
        unlisted: null,
        log: emptyLog,
        logConnection: connecting,
        complaint: null,
      }),
      unlistedKnown: (state, { session }: { session: Session }): PageState => ({
        ...state,
        unlisted: session,
      }),
      agentsKnown: (state, { agents }: { agents: readonly Agent[] }): PageState => ({ ...state, agents }),
      listChanged: (state, { list }: { list: SessionList }): PageState => ({ ...state, list }),
      logChanged: (state, { log }: { log: SessionLog }): PageState => ({ ...state, log }),
      listConnected: (state, { connection }: { connection: ConnectionState }): PageState => ({
        ...state,
        listConnection: connection,
      }),
      logConnected: (state, { connection }: { connection: ConnectionState }): PageState => ({
        ...state,
        logConnection: connection,
      }),
      outboxChanged: (state, { outbox }: { outbox: readonly Outgoing[] }): PageState => ({
        ...state,
        outbox,
      }),
      themeChosen: (state, { theme }: { theme: Theme }): PageState => ({ ...state, theme }),
      chosen: (state, { choice }: { choice: Partial<Choice> }): PageState => ({
        ...state,
        choice: { ...state.choice, ...choice },
      }),
      complained: (state, { complaint }: { complaint: string | null }): PageState => ({
        ...state,
        complaint,
      }),
    },
  });
}

/** The session that is shown; undefined where none is, or it is not known yet. */
export function openSession({ list, openId, unlisted }: PageState): Session | undefined {
  return list.sessions.find(({ id }) => id === openId) ?? (unlisted?.id === openId ? unlisted : undefined);
}

/** What the operator page knows: the live sessions, and the one that is looked into. */
import { createStore } from '@xstate/store';
import type { ConnectionState } from '../connection/resuming-stream.ts';
import type { Identity } from '../identity.ts';
import { emptyLive, type LiveList } from '../state/live-list.ts';
import { emptyLog, type SessionLog } from '../state/session-log.ts';

export type OperationsState = {
  readonly identity: Identity;
  readonly live: LiveList;
  readonly liveConnection: ConnectionState;
  readonly openId: string | null;
  readonly log: SessionLog;
  readonly logConnection: ConnectionState;
  readonly complaint: string | null;
};

export type OperationsStore = ReturnType<typeof createOperationsStore>;

const connecting: ConnectionState = { status: 'connecting' };

export function createOperationsStore({ identity }: Pick<OperationsState, 'identity'>) {
  const context: OperationsState = {
    identity,
    live: emptyLive,
    liveConnection: connecting,
    openId: null,
    log: emptyLog,
    logConnection: connecting,
    complaint: null,
  };
  return createStore({
    context,
    on: {
      opened: (state, { id }: { id: string | null }): OperationsState => ({
        ...state,
        openId: id,
        log: emptyLog,
        logConnection: connecting,
        complaint: null,
      }),
      liveChanged: (state, { live }: { live: LiveList }): OperationsState => ({ ...state, live }),
      liveConnected: (state, { connection }: { connection: ConnectionState }): OperationsState => ({
        ...state,
        liveConnection: connection,
      }),
      logChanged: (state, { log }: { log: SessionLog }): OperationsState => ({ ...state, log }),
      logConnected: (state, { connection }: { connection: ConnectionState }): OperationsState => ({
        ...state,
        logConnection: connection,
      }),
      complained: (state, { complaint }: { complaint: string | null }): OperationsState => ({
        ...state,
        complaint,
      }),
    },
  });
}

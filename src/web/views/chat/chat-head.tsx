/** What session this is, and how it stands. */
import type { PageState } from '../../state/page-store.ts';
import { titleOf } from '../../state/session-list.ts';
import type { Session } from '../../wire.ts';
import { ConnectionLine } from '../connection-line.tsx';
import { StateBadge } from '../state-badge.tsx';
import { usePageState } from '../use-page.ts';

export type ChatHeadProps = {
  readonly session: Session | undefined;
  readonly agentName: string;
  /** There is no such session, and nothing is known of it. */
  readonly isGone: boolean;
};

export function ChatHead({ session, agentName, isGone }: ChatHeadProps) {
  const connection = usePageState(connectionOf);
  const lastOffset = usePageState((state) => state.log.lastOffset);
  const isOpen = usePageState((state) => state.openId !== null);
  return (
    <header className="chat-head">
      <div className="chat-title">
        <h2>{isGone ? 'No session' : titleOf(session ?? { title: null })}</h2>
        <p>
          {!isGone && <span>{agentName}</span>}
          {session && <StateBadge state={session.state} />}
          {session?.mode === 'manual' && <span className="badge">manual</span>}
        </p>
      </div>
      {isOpen && <ConnectionLine connection={connection} lastOffset={lastOffset} />}
    </header>
  );
}

/** A session that lends its connection to others is told of news by the list: it is there as long as the list is. */
function connectionOf({ logConnection, listConnection }: PageState) {
  return logConnection.status === 'open' ? listConnection : logConnection;
}

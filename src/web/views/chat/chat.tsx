/** The conversation that is open. */
import { useMemo } from 'react';
import { rememberForTab } from '../../remember.ts';
import { openSession } from '../../state/page-store.ts';
import { toChatItems } from '../../state/chat-items.ts';
import { activityOf, turnOf } from '../../state/turn.ts';
import type { Session } from '../../wire.ts';
import { usePage, usePageState } from '../use-page.ts';
import { Announcer } from './announcer.tsx';
import { ChatHead } from './chat-head.tsx';
import type { Row } from './chat-row.tsx';
import { Empty } from './empty.tsx';
import { MessageList } from './message-list.tsx';
import { Thread } from './thread.tsx';

/** `key` it: what belongs to one conversation is not carried over to the next. */
export function Chat() {
  const page = usePage();
  const sessionId = usePageState((state) => state.openId);
  const log = usePageState((state) => state.log);
  const outbox = usePageState((state) => state.outbox);
  const session = usePageState(openSession);
  const agentId = usePageState((state) => session?.agent_id ?? state.choice.agentId);
  const agentName = usePageState((state) => nameOf(state.agents, agentId));
  const isGone = usePageState(({ logConnection }) => logConnection.status === 'closed');
  const items = useMemo(() => toChatItems(log, agentName), [log, agentName]);
  const rows = useMemo<readonly Row[]>(() => {
    const own = outbox.filter((outgoing) => outgoing.sessionId === sessionId);
    return [...items, ...own.map((outgoing) => ({ type: 'outgoing' as const, ...outgoing }))];
  }, [items, outbox, sessionId]);
  const isUnknown = isGone && session === undefined;
  return (
    <>
      <ChatHead session={session} agentName={agentName} isGone={isUnknown} />
      <Thread
        isBusy={turnOf(log.events).isBusy}
        draft={draftOf(sessionId)}
        placeholder={isUnknown ? 'Nobody would read it here' : placeholderOf(session, agentName)}
        onDraft={(text) => keepDraft(sessionId, text)}
        onSend={page.send}
        onStop={() => sessionId !== null && void page.cancel(sessionId)}
        status={
          <StatusLine
            agentName={agentName}
            activity={activityOf(log)}
            isManual={session?.mode === 'manual'}
          />
        }
      >
        {rows.length === 0 ? (
          <Empty agentId={agentId} agentName={agentName} isGone={isGone} />
        ) : (
          <MessageList rows={rows} actions={page.rowActions} />
        )}
      </Thread>
      <Announcer items={items} isSending={rows.length > items.length} />
    </>
  );
}

function placeholderOf(session: Session | undefined, agentName: string): string {
  return session?.state === 'STOPPED' ? 'A message starts the session again' : `Message ${agentName}`;
}

type StatusLineProps = {
  readonly agentName: string;
  readonly activity: string;
  readonly isManual: boolean;
};

function StatusLine({ agentName, activity, isManual }: StatusLineProps) {
  const words = isManual && activity === '' ? 'A person answers in this session' : activity;
  return (
    <p className="status-line" role="status" data-busy={activity !== ''}>
      {words !== '' && (
        <>
          {activity !== '' && <span className="status-name">{agentName}</span>}
          <span>{words}</span>
          {activity !== '' && <span className="dots" aria-hidden="true" />}
        </>
      )}
    </p>
  );
}

function nameOf(
  agents: readonly { readonly id: string; readonly name: string }[],
  id: string | null,
): string {
  const agent = id === null ? agents[0] : agents.find((each) => each.id === id);
  return agent?.name ?? id ?? 'the agent';
}

function draftOf(sessionId: string | null): string {
  return rememberForTab.read('drafts')?.[sessionId ?? ''] ?? '';
}

function keepDraft(sessionId: string | null, text: string): void {
  const { [sessionId ?? '']: _, ...others } = rememberForTab.read('drafts') ?? {};
  rememberForTab.write('drafts', text === '' ? others : { ...others, [sessionId ?? '']: text });
}

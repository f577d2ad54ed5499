/** One session on the operator's desk. */
import { useSelector } from '@xstate/store-react';
import { useId, useMemo, useState } from 'react';
import { rememberForAll } from '../remember.ts';
import { toChatItems } from '../state/chat-items.ts';
import { activityOf, turnOf } from '../state/turn.ts';
import { MessageList } from '../views/chat/message-list.tsx';
import { Thread } from '../views/chat/thread.tsx';
import { ConnectionLine } from '../views/connection-line.tsx';
import { Icon } from '../views/icon.tsx';
import type { LiveSession } from '../wire.ts';
import type { Desk } from './desk.ts';

export type OpenSessionProps = { readonly desk: Desk; readonly sessionId: string };

export function OpenSession({ desk, sessionId }: OpenSessionProps) {
  const { log, logConnection, complaint, live } = useSelector(desk.store, ({ context }) => context);
  const session = live.sessions.find(({ session_id }) => session_id === sessionId);
  const [sender, setSender] = useState(rememberForAll.read('operator') ?? 'Operator');
  const rows = useMemo(() => toChatItems(log, session?.agent_id ?? 'Agent'), [log, session?.agent_id]);
  const isManual = session?.mode === 'manual';
  return (
    <section className="desk" aria-label={`Session ${sessionId}`}>
      <DeskHead desk={desk} sessionId={sessionId} session={session} />
      <ConnectionLine connection={logConnection} lastOffset={log.lastOffset} />
      {complaint !== null && (
        <p role="alert" className="refused">
          {complaint}
        </p>
      )}
      <Thread
        isBusy={turnOf(log.events).isBusy}
        draft=""
        placeholder={isManual ? `Answer as ${sender}` : 'Answer beside the agent'}
        onDraft={() => {}}
        onSend={(text) => desk.answer(sessionId, { text, sender })}
        onStop={() => void desk.cancel(sessionId)}
        status={<Sender sender={sender} activity={activityOf(log)} onChange={setSender} />}
      >
        {rows.length === 0 ? <p className="empty">Nothing was said yet.</p> : <MessageList rows={rows} />}
      </Thread>
    </section>
  );
}

type DeskHeadProps = OpenSessionProps & { readonly session: LiveSession | undefined };

function DeskHead({ desk, sessionId, session }: DeskHeadProps) {
  const isManual = session?.mode === 'manual';
  return (
    <header className="desk-head">
      <h2>{session?.customer_id ?? sessionId}</h2>
      <button
        type="button"
        className={isManual ? 'button' : 'button primary'}
        onClick={() => void desk.setMode(sessionId, isManual ? 'auto' : 'manual')}
      >
        {isManual ? 'Hand back to the agent' : 'Take over'}
      </button>
      <button type="button" className="icon-button" aria-label="Close" onClick={() => desk.open(null)}>
        <Icon name="close" />
      </button>
    </header>
  );
}

type SenderProps = {
  readonly sender: string;
  readonly activity: string;
  readonly onChange: (sender: string) => void;
};

function Sender({ sender, activity, onChange }: SenderProps) {
  const id = useId();
  const change = (name: string): void => {
    onChange(name);
    rememberForAll.write('operator', name);
  };
  return (
    <div className="status-line">
      <label htmlFor={id}>Your name</label>
      <input id={id} value={sender} maxLength={200} onChange={({ target }) => change(target.value)} />
      <span role="status">{activity}</span>
    </div>
  );
}

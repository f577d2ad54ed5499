/** One row of the chat. */
import { memo } from 'react';
import type { ChatItem, FailureItem } from '../../state/chat-item.ts';
import type { Outgoing } from '../../state/outbox.ts';
import { Icon } from '../icon.tsx';
import { Message } from './message.tsx';
import { ToolCalls } from './tool-calls.tsx';

export type Row = ChatItem | ({ readonly type: 'outgoing' } & Outgoing);

/** What can be done about a row; absent: nothing, one only looks. */
export type RowActions = {
  /** Says it once more, after a failure. */
  readonly retry: (text: string) => void;
  /** By the key of what is on its way. */
  readonly resend: (key: string) => void;
  readonly discard: (key: string) => void;
};

export type ChatRowProps = { readonly row: Row; readonly actions?: RowActions | undefined };

export const ChatRow = memo(function ChatRow({ row, actions }: ChatRowProps) {
  switch (row.type) {
    case 'message':
      return <Message item={row} />;
    case 'tools':
      return <ToolCalls item={row} />;
    case 'failure':
      return <Failure item={row} retry={actions?.retry} />;
    case 'note':
      return <p className="note">{row.text}</p>;
    default:
      return <OutgoingMessage outgoing={row} actions={actions} />;
  }
});

type FailureProps = { readonly item: FailureItem; readonly retry: RowActions['retry'] | undefined };

function Failure({ item: { code, message, retryText }, retry }: FailureProps) {
  return (
    <div className="failure">
      <p>
        <Icon name="warning" /> <strong>The answer failed.</strong> {message} <code>{code}</code>
      </p>
      {retryText !== null && retry && (
        <button type="button" className="button" onClick={() => retry(retryText)}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Said, but not in the log yet. */
function OutgoingMessage({
  outgoing,
  actions,
}: { readonly outgoing: Outgoing } & Pick<ChatRowProps, 'actions'>) {
  const { key, text, state } = outgoing;
  return (
    <article className="message" data-from="customer" data-state={state.is}>
      <p className="plain">{text}</p>
      {state.is === 'sending' && <p className="message-note">Sending</p>}
      {state.is === 'offline' && (
        <p className="message-note">Not sent yet: it goes when the server is back</p>
      )}
      {state.is === 'refused' && (
        <div className="refused">
          <p>Not sent: {state.reason}</p>
          <button type="button" className="button" onClick={() => actions?.resend(key)}>
            Send again
          </button>
          <button type="button" className="button" onClick={() => actions?.discard(key)}>
            Discard
          </button>
        </div>
      )}
    </article>
  );
}

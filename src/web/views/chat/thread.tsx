/**
 * The thread and its composer, by assistant-ui. This file alone knows the library; the rest of the page knows the props below. Messages
 * are not given to it: it would draw all of them, and ours are events of a log. It brings what is hard to get right: a composer for every
 * keyboard and input method, and a viewport that knows whether its reader is at the end.
 */
import {
  type AppendMessage,
  AuiProvider,
  ComposerPrimitive,
  ExternalThread as externalThread,
  ThreadPrimitive,
  useAui,
} from '@assistant-ui/react';
import { type ReactNode, useEffect } from 'react';
import { Icon } from '../icon.tsx';

export type ThreadProps = {
  /** The messages. */
  readonly children: ReactNode;
  /** Between the messages and the composer. */
  readonly status: ReactNode;
  /** An answer is under way: it can be stopped, and a message can be sent all the same. */
  readonly isBusy: boolean;
  /** What was being written when the page was left. */
  readonly draft: string;
  readonly placeholder: string;
  readonly onDraft: (text: string) => void;
  /** Resolves with false where it could not be: then it is put back. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onStop: () => void;
};

export function Thread({ children, status, ...composer }: ThreadProps) {
  const { isBusy, onSend, onStop } = composer;
  const send = async (message: AppendMessage): Promise<void> => {
    const text = textOf(message);
    if (await onSend(text)) return;
    // The composer empties itself when it has handed the message over, which may be later than now.
    setTimeout(() => aui.composer.getState().isEmpty && aui.composer.setText(text));
  };
  const aui = useAui({
    thread: externalThread({
      messages: noMessages,
      isRunning: isBusy,
      onCancel: onStop,
      // With a queue it can be sent while an answer runs. Whether that interrupts or waits is the session's policy, and so the server's.
      queue: { ...noQueue, enqueue: (message) => void send(message), steer: (message) => void send(message) },
    }),
  });
  return (
    <AuiProvider value={aui}>
      <ThreadPrimitive.ViewportProvider>
        <ThreadPrimitive.Root className="thread">
          <ThreadPrimitive.Viewport
            className="thread-viewport"
            autoScroll={false}
            tabIndex={0}
            role="region"
            aria-label="Messages"
          >
            {children}
          </ThreadPrimitive.Viewport>
          <div className="thread-foot">
            <ThreadPrimitive.ScrollToBottom
              className="to-end"
              aria-label="To the latest message"
              behavior="instant"
            >
              <Icon name="down" />
            </ThreadPrimitive.ScrollToBottom>
            {status}
            <Composer {...composer} />
          </div>
        </ThreadPrimitive.Root>
      </ThreadPrimitive.ViewportProvider>
    </AuiProvider>
  );
}

type ComposerProps = Omit<ThreadProps, 'children' | 'status'>;

function Composer({ isBusy, draft, placeholder, onDraft }: ComposerProps) {
  return (
    <ComposerPrimitive.Root className="composer" onSubmit={() => onDraft('')}>
      <Restore text={draft} />
      <label className="visually-hidden" htmlFor="composer">
        Message
      </label>
      <ComposerPrimitive.Input
        id="composer"
        className="composer-input"
        placeholder={placeholder}
        aria-describedby="composer-hint"
        maxRows={8}
        cancelOnEscape={false}
        onChange={({ target }) => onDraft(target.value)}
      />
      <div className="composer-foot">
        <span id="composer-hint" className="hint">
          Enter sends, Shift+Enter begins a new line
        </span>
        {isBusy && (
          <ComposerPrimitive.Cancel className="button stop" aria-label="Stop the answer">
            <Icon name="stop" /> Stop
          </ComposerPrimitive.Cancel>
        )}
        <ComposerPrimitive.Send className="button primary send">
          <Icon name="send" /> Send
        </ComposerPrimitive.Send>
      </div>
    </ComposerPrimitive.Root>
  );
}

/** Puts what was being written back, and the cursor behind it: once, and not on a phone, whose keyboard would cover what there is to read. */
function Restore({ text }: { readonly text: string }) {
  const aui = useAui();
  useEffect(() => {
    if (text !== '') aui.composer.setText(text);
    if (matchMedia('(pointer: fine)').matches) document.querySelector<HTMLElement>('#composer')?.focus();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once
  }, []);
  return null;
}

const noMessages = [] as const;

/** The server keeps the queue. */
const noQueue = { items: [], steerItems: [], move() {}, edit() {}, remove() {} };

function textOf({ content }: AppendMessage): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

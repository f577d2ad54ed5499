/** One message: who, when, what, and how it stands. */
import { lazy, Suspense } from 'react';
import type { MessageItem } from '../../state/chat-item.ts';
import { TimeOfDay } from '../time.tsx';
import { Sources } from './sources.tsx';

/** A chunk of its own: the page is there before it, and without it where it cannot be had. */
const Markdown = lazy(() => import('./markdown.tsx').catch(() => ({ default: Plain })));

export function Message({ item }: { readonly item: MessageItem }) {
  const { from, name, text, state, at, sources, isWaiting } = item;
  return (
    <article className="message" data-from={from} data-state={state}>
      <header>
        <span className="message-name">{name}</span>
        {from === 'person' && <span className="badge">person</span>}
        {at && <TimeOfDay at={at} />}
        {isWaiting && <span className="badge">waits for its turn</span>}
      </header>
      {from === 'customer' ? (
        <p className="plain" dir="auto">
          {text}
        </p>
      ) : (
        <Rich text={text} />
      )}
      {state === 'interrupted' && <p className="message-note">Interrupted</p>}
      {sources.length > 0 && <Sources sources={sources} />}
    </article>
  );
}

function Rich({ text }: { readonly text: string }) {
  return (
    <div className="markdown" dir="auto">
      <Suspense fallback={<Plain text={text} />}>
        <Markdown text={text} />
      </Suspense>
    </div>
  );
}

function Plain({ text }: { readonly text: string }) {
  return <p className="plain">{text}</p>;
}

/** Says to a screen reader what others see come: each answer once, when it is whole. The list itself is silent, for it also moves by scrolling. */
import { useState } from 'react';
import type { ChatItem } from '../../state/chat-item.ts';

export function Announcer({ items }: { readonly items: readonly ChatItem[] }) {
  const last = items.findLast(isWorthSaying);
  // What stood there when the session was opened is no news.
  const [first] = useState(last?.key);
  const isNews = last !== undefined && last.key !== first;
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Latest answer">
      {isNews && <p key={last.key}>{inWords(last)}</p>}
    </div>
  );
}

function isWorthSaying(item: ChatItem): boolean {
  if (item.type === 'message') return item.from !== 'customer' && item.state !== 'growing';
  return item.type === 'failure' || item.type === 'note';
}

function inWords(item: ChatItem): string {
  switch (item.type) {
    case 'message':
      return `${item.name}: ${item.text}${item.state === 'interrupted' ? ' (interrupted)' : ''}`;
    case 'failure':
      return `The answer failed. ${item.message}`;
    case 'note':
      return item.text;
    default:
      return '';
  }
}

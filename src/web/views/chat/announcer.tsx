/** Says to a screen reader what others see come: each answer once, when it is whole. The list itself is silent, for it also moves by scrolling. */
import { useEffect, useState } from 'react';
import type { ChatItem } from '../../state/chat-item.ts';

export type AnnouncerProps = {
  readonly items: readonly ChatItem[];
  /** Something is on its way: what comes now is an answer. */
  readonly isSending: boolean;
};

/** What was said before comes within this time of each other. */
const HISTORY_MS = 700;

export function Announcer({ items, isSending }: AnnouncerProps) {
  const last = items.findLast(isWorthSaying);
  const history = useHistory(last?.key, isSending);
  const isNews = last !== undefined && history !== null && last.key !== history.end;
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Latest answer">
      {isNews && <p key={last.key}>{inWords(last)}</p>}
    </div>
  );
}

/** Where what stood there already ends; null while it still comes. */
function useHistory(lastKey: string | undefined, isOver: boolean) {
  const [history, setHistory] = useState<{ readonly end: string | undefined } | null>(null);
  if (!history && isOver) setHistory({ end: lastKey });
  useEffect(() => {
    if (history) return undefined;
    const timer = setTimeout(() => setHistory({ end: lastKey }), HISTORY_MS);
    return () => clearTimeout(timer);
  }, [history, lastKey]);
  return history;
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

/** The rows of a chat that are in sight, out of however many there are. Whoever reads the end stays there; whoever reads above is left alone. */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { ChatRow, type Row, type RowActions } from './chat-row.tsx';

export type MessageListProps = {
  readonly rows: readonly Row[];
  readonly actions?: RowActions;
};

/** Before the first row and behind the last, px. */
const MARGIN = 12;

/** Whoever is so near to the end is there, px. */
const NEAR = 64;

/** Its parent scrolls. */
export function MessageList({ rows, actions }: MessageListProps) {
  const element = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => element.current?.parentElement ?? null,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: () => 96,
    overscan: 8,
    // Not by CSS: whoever keeps to the end has to know of it.
    paddingStart: MARGIN,
    paddingEnd: MARGIN,
    anchorTo: 'end',
    scrollEndThreshold: NEAR,
  });
  useToEnds(element, list);
  const last = rows.at(-1);
  useAtEnd(element, list, last?.type === 'outgoing' ? last.key : null);
  return (
    <div ref={element} className="message-list" role="list" style={{ height: list.getTotalSize() }}>
      {list.getVirtualItems().map(({ key, index, start }) => (
        <div
          key={key}
          ref={list.measureElement}
          data-index={index}
          className="row"
          role="listitem"
          aria-setsize={rows.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start}px)` }}
        >
          {rows[index] && <ChatRow row={rows[index]} actions={actions} />}
        </div>
      ))}
    </div>
  );
}

type List = Pick<Virtualizer<HTMLElement, HTMLDivElement>, 'scrollToEnd' | 'scrollToIndex' | 'getTotalSize'>;

/**
 * Whoever is at the end stays there, whatever comes and however it is measured, and whoever says something gets there. The list could
 * follow what is appended, but a message that was on its way is replaced by the stored one, which is another row. `sent`: what was said last
 * and is on its way; null: nothing is.
 */
function useAtEnd(element: RefObject<HTMLElement | null>, list: List, sent: string | null): void {
  const isAtEnd = useRef(true);
  const height = list.getTotalSize();
  useEffect(() => {
    const viewport = element.current?.parentElement;
    if (!viewport) return undefined;
    const look = (): void => {
      isAtEnd.current = distanceFromEnd(viewport) <= NEAR;
    };
    // The composer grows, or a keyboard comes.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) viewport.scrollTop = viewport.scrollHeight;
    });
    viewport.addEventListener('scroll', look, { passive: true });
    observer.observe(viewport);
    return () => {
      viewport.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [element]);
  useLayoutEffect(() => {
    if (sent !== null) isAtEnd.current = true;
  }, [sent]);
  useLayoutEffect(() => {
    if (isAtEnd.current) list.scrollToEnd({ behavior: 'instant' });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- when there is more, or less
  }, [height, sent]);
}

function distanceFromEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** To the first and the last row at once: what the browser does by itself is lost on the way, while rows get their sizes. */
function useToEnds(element: RefObject<HTMLElement | null>, list: List): void {
  useEffect(() => {
    const viewport = element.current?.parentElement;
    const go = (event: KeyboardEvent): void => {
      if (event.target !== viewport || (event.key !== 'Home' && event.key !== 'End')) return;
      event.preventDefault();
      if (event.key === 'Home') list.scrollToIndex(0);
      else list.scrollToEnd();
    };
    viewport?.addEventListener('keydown', go);
    return () => viewport?.removeEventListener('keydown', go);
  }, [element, list]);
}

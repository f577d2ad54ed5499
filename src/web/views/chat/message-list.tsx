/** The rows of a chat that are in sight, out of however many there are. Whoever reads the end stays there; whoever reads above is left alone. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { ChatRow, type Row, type RowActions } from './chat-row.tsx';

export type MessageListProps = {
  readonly rows: readonly Row[];
  readonly actions?: RowActions;
};

/** Before the first row and behind the last, px. */
const MARGIN = 12;

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
    followOnAppend: true,
    scrollEndThreshold: 64,
  });
  useToEnds(element, list);
  const isFilled = rows.length > 0;
  useLayoutEffect(() => {
    if (isFilled) list.scrollToEnd({ behavior: 'instant' });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- when there is something for the first time
  }, [isFilled]);
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

/** To the first and the last row at once: what the browser does by itself is lost on the way, while rows get their sizes. */
function useToEnds(
  element: RefObject<HTMLElement | null>,
  list: { readonly scrollToIndex: (index: number) => void; readonly scrollToEnd: () => void },
): void {
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
